# Japanese StableLM Alpha: GPT-NeoX with XPos, a gated MLP in one matrix, no biases but those of norms, and a norm before the
# attention that has no weights at all.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float) -> __torch__.decoder.Block:
  prefix = "transformer.layers.{}.".format(index)
  heads = __torch__.attention.FusedHeads(__torch__.layers.projection(weights, prefix + "attention.query_key_value"), integers["heads"], True)
  attention = __torch__.attention.Attention(heads, __torch__.layers.projection(weights, prefix + "attention.dense"), index)
  norm = __torch__.layers.layer_norm(weights, prefix + "input_layernorm", epsilon)
  mlp_norm = __torch__.layers.layer_norm(weights, prefix + "post_attention_layernorm", epsilon)
  packed = __torch__.layers.projection(weights, prefix + "mlp.packed_input_proj")
  down = __torch__.layers.projection(weights, prefix + "mlp.out_proj")
  return __torch__.decoder.ParallelBlock(norm, attention, mlp_norm, __torch__.layers.PackedMlp(packed, down, integers["activation"]))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  epsilon = numbers["epsilon"]
  embeddings = weights["transformer.embed_in.weight"]
  blocks = [__torch__.japanese_stablelm_alpha.block(weights, index, integers, epsilon) for index in range(integers["layers"])]
  norm = __torch__.layers.layer_norm(weights, "transformer.final_layer_norm", epsilon)
  output = __torch__.layers.projection(weights, "transformer.embed_in" if integers["tied"] == 1 else "embed_out")
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  rotary = __torch__.rotary.Rotary(integers["rotary_size"], numbers["theta"], numbers["factor"], embeddings)
  rotary.grow(numbers["growth_base"], integers["growth_centre"])
  decoder.rotary = rotary
  return decoder
