# GPT-NeoX and ABEJA's Japanese one: LayerNorm, one matrix by heads for queries, keys and values, rotary positions on a part of
# each head, a plain MLP after attention or beside it.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float) -> __torch__.decoder.Block:
  prefix = "gpt_neox.layers.{}.".format(index)
  heads = __torch__.attention.FusedHeads(__torch__.layers.projection(weights, prefix + "attention.query_key_value"), integers["heads"], True)
  attention = __torch__.attention.Attention(heads, __torch__.layers.projection(weights, prefix + "attention.dense"), index)
  norm = __torch__.layers.layer_norm(weights, prefix + "input_layernorm", epsilon)
  mlp_norm = __torch__.layers.layer_norm(weights, prefix + "post_attention_layernorm", epsilon)
  up = __torch__.layers.projection(weights, prefix + "mlp.dense_h_to_4h")
  down = __torch__.layers.projection(weights, prefix + "mlp.dense_4h_to_h")
  mlp = __torch__.layers.PlainMlp(up, down, integers["activation"])
  if integers["parallel"] == 1:
    return __torch__.decoder.ParallelBlock(norm, attention, mlp_norm, mlp)
  return __torch__.decoder.SerialBlock(norm, attention, mlp_norm, mlp)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  epsilon = numbers["epsilon"]
  embeddings = weights["gpt_neox.embed_in.weight"]
  blocks = [__torch__.gpt_neox.block(weights, index, integers, epsilon) for index in range(integers["layers"])]
  norm = __torch__.layers.layer_norm(weights, "gpt_neox.final_layer_norm", epsilon)
  output = __torch__.layers.projection(weights, "gpt_neox.embed_in" if integers["tied"] == 1 else "embed_out")
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  decoder.rotary = __torch__.rotary.Rotary(integers["rotary_size"], numbers["theta"], numbers["factor"], embeddings)
  return decoder
