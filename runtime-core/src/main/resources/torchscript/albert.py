# ALBERT: BERT whose layers share weights within a group, and whose embeddings are projected to the width of the layers.
def block(weights: Dict[str, Tensor], prefix: str, integers: Dict[str, int], epsilon: float) -> __torch__.encoder.Block:
  qkv = __torch__.layers.projections(weights, [prefix + "attention." + name for name in ["query", "key", "value"]])
  attention = __torch__.bert.SelfAttention(qkv, __torch__.layers.projection(weights, prefix + "attention.dense"), integers["heads"])
  norm = __torch__.layers.layer_norm(weights, prefix + "attention.LayerNorm", epsilon)
  up = __torch__.layers.projection(weights, prefix + "ffn")
  mlp = __torch__.layers.PlainMlp(up, __torch__.layers.projection(weights, prefix + "ffn_output"), integers["activation"])
  return __torch__.encoder.PostNormBlock(attention, norm, mlp, __torch__.layers.layer_norm(weights, prefix + "full_layer_layer_norm", epsilon))

# Layer after layer, each all the blocks of its group.
def blocks(weights: Dict[str, Tensor], integers: Dict[str, int], epsilon: float) -> List[__torch__.encoder.Block]:
  inner = integers["inner"]
  own : List[__torch__.encoder.Block] = []
  for group in range(integers["groups"]):
    for index in range(inner):
      own.append(__torch__.albert.block(weights, "albert.encoder.albert_layer_groups.{}.albert_layers.{}.".format(group, index), integers, epsilon))
  blocks : List[__torch__.encoder.Block] = []
  for layer in range(integers["layers"]):
    group = int(layer / (integers["layers"] / integers["groups"]))
    for index in range(inner):
      blocks.append(own[group * inner + index])
  return blocks

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  embeddings = __torch__.bert.embeddings(weights, "albert.embeddings.", epsilon)
  embeddings.projection = __torch__.layers.projection(weights, "albert.encoder.embedding_hidden_mapping_in")
  encoder = __torch__.encoder.Encoder(__torch__.encoder.Transformer(embeddings, __torch__.albert.blocks(weights, integers, epsilon)))
  __torch__.encoder.add_pooled_heads(encoder, weights, "albert.pooler", integers, "sop_classifier.classifier")
  if "predictions.bias" in weights:
    encoder.heads[4] = __torch__.encoder.masked_lm(weights, "predictions.dense", integers["activation"], "predictions.LayerNorm", epsilon, "predictions.decoder.weight", "albert.embeddings.word_embeddings.weight", "predictions.bias")
  __torch__.encoder.add_token_head(encoder, weights, integers)
  return encoder
