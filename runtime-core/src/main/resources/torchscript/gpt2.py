# GPT-2: learned positions, LayerNorm, weights stored [in, out], one matrix for queries, keys and values, a plain MLP.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], numbers: Dict[str, float]) -> __torch__.decoder.Block:
  prefix = "transformer.h.{}.".format(index)
  heads = __torch__.attention.FusedHeads(__torch__.layers.transposed_projection(weights, prefix + "attn.c_attn"), integers["heads"], False)
  attention = __torch__.attention.Attention(heads, __torch__.layers.transposed_projection(weights, prefix + "attn.c_proj"), index)
  attention.scale = numbers["scale"] / (index + 1.) if integers["scale_by_layer"] == 1 else numbers["scale"]
  norm = __torch__.layers.layer_norm(weights, prefix + "ln_1", numbers["epsilon"])
  mlp_norm = __torch__.layers.layer_norm(weights, prefix + "ln_2", numbers["epsilon"])
  up = __torch__.layers.transposed_projection(weights, prefix + "mlp.c_fc")
  down = __torch__.layers.transposed_projection(weights, prefix + "mlp.c_proj")
  return __torch__.decoder.SerialBlock(norm, attention, mlp_norm, __torch__.layers.PlainMlp(up, down, integers["activation"]))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  embeddings = weights["transformer.wte.weight"]
  blocks = [__torch__.gpt2.block(weights, index, integers, numbers) for index in range(integers["layers"])]
  norm = __torch__.layers.layer_norm(weights, "transformer.ln_f", numbers["epsilon"])
  output = __torch__.layers.projection(weights, "transformer.wte" if integers["tied"] == 1 else "lm_head")
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  decoder.positions = weights["transformer.wpe.weight"]
  return decoder
