# ELECTRA: BERT whose embeddings may be narrower than its hidden states, with the head of a generator, which fills masks, or
# of a discriminator, which finds replaced tokens.
def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  embeddings = __torch__.bert.embeddings(weights, "electra.embeddings.", epsilon)
  if __torch__.layers.has_projection(weights, "electra.embeddings_project"):
    embeddings.projection = __torch__.layers.projection(weights, "electra.embeddings_project")
  encoder = __torch__.encoder.Encoder(__torch__.encoder.Transformer(embeddings, __torch__.bert.blocks(weights, "electra.", integers, epsilon)))
  # Generator and classifier have gelu whatever the activation of the layers is.
  if "generator_lm_head.bias" in weights:
    encoder.heads[4] = __torch__.encoder.masked_lm(weights, "generator_predictions.dense", integers["gelu"], "generator_predictions.LayerNorm", epsilon, "generator_lm_head.weight", "electra.embeddings.word_embeddings.weight", "generator_lm_head.bias")
  if __torch__.layers.has_projection(weights, "discriminator_predictions.dense"):
    dense = __torch__.encoder.projection_step(weights, "discriminator_predictions.dense", integers["activation"])
    encoder.heads[7] = __torch__.encoder.Head("all", [dense, __torch__.encoder.projection_step(weights, "discriminator_predictions.dense_prediction", -1)])
  __torch__.encoder.add_first_token_head(encoder, weights, "classifier.dense", integers["gelu"], "classifier.out_proj")
  __torch__.encoder.add_token_head(encoder, weights, integers)
  return encoder
