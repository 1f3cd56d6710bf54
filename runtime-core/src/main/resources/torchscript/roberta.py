# RoBERTa and XLM-RoBERTa: BERT with heads of its own; Java counts its positions.
def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  embeddings = __torch__.bert.embeddings(weights, "roberta.embeddings.", epsilon)
  encoder = __torch__.encoder.Encoder(__torch__.encoder.Transformer(embeddings, __torch__.bert.blocks(weights, "roberta.", integers, epsilon)))
  __torch__.bert.add_heads(encoder, weights, "roberta.", integers, epsilon)
  # The activation is gelu whatever that of the layers is.
  if "lm_head.bias" in weights:
    encoder.heads[4] = __torch__.encoder.masked_lm(weights, "lm_head.dense", integers["gelu"], "lm_head.layer_norm", numbers["epsilon"], "lm_head.decoder.weight", "roberta.embeddings.word_embeddings.weight", "lm_head.bias")
  __torch__.encoder.add_first_token_head(encoder, weights, "classifier.dense", integers["tanh"], "classifier.out_proj")
  return encoder
