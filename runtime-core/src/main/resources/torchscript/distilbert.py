# DistilBERT: BERT without token types and pooler, by names of its own.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int]) -> __torch__.encoder.Block:
  prefix = "distilbert.transformer.layer.{}.".format(index)
  qkv = __torch__.layers.projections(weights, [prefix + "attention." + name for name in ["q_lin", "k_lin", "v_lin"]])
  attention = __torch__.bert.SelfAttention(qkv, __torch__.layers.projection(weights, prefix + "attention.out_lin"), integers["heads"])
  norm = __torch__.layers.layer_norm(weights, prefix + "sa_layer_norm", 1e-12)
  up = __torch__.layers.projection(weights, prefix + "ffn.lin1")
  mlp = __torch__.layers.PlainMlp(up, __torch__.layers.projection(weights, prefix + "ffn.lin2"), integers["activation"])
  return __torch__.encoder.PostNormBlock(attention, norm, mlp, __torch__.layers.layer_norm(weights, prefix + "output_layer_norm", 1e-12))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  embeddings = __torch__.bert.embeddings(weights, "distilbert.embeddings.", 1e-12)
  blocks = [__torch__.distilbert.block(weights, index, integers) for index in range(integers["layers"])]
  encoder = __torch__.encoder.Encoder(__torch__.encoder.Transformer(embeddings, blocks))
  if "vocab_projector.bias" in weights:
    encoder.heads[4] = __torch__.encoder.masked_lm(weights, "vocab_transform", integers["activation"], "vocab_layer_norm", 1e-12, "vocab_projector.weight", "distilbert.embeddings.word_embeddings.weight", "vocab_projector.bias")
  __torch__.encoder.add_first_token_head(encoder, weights, "pre_classifier", integers["relu"], "classifier")
  __torch__.encoder.add_token_head(encoder, weights, integers)
  return encoder
