# GPT-J: rotary positions of neighbouring values on a part of each head, attention and a plain MLP beside each other behind one
# LayerNorm, a head with bias.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float) -> __torch__.decoder.Block:
  prefix = "transformer.h.{}.".format(index)
  qkv = __torch__.layers.projections(weights, [prefix + "attn." + name for name in ["q_proj", "k_proj", "v_proj"]])
  heads = __torch__.attention.SeparateHeads(qkv, integers["heads"], integers["heads"])
  attention = __torch__.attention.Attention(heads, __torch__.layers.projection(weights, prefix + "attn.out_proj"), index)
  norm = __torch__.layers.layer_norm(weights, prefix + "ln_1", epsilon)
  up = __torch__.layers.projection(weights, prefix + "mlp.fc_in")
  down = __torch__.layers.projection(weights, prefix + "mlp.fc_out")
  return __torch__.decoder.ParallelBlock(norm, attention, None, __torch__.layers.PlainMlp(up, down, integers["activation"]))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  epsilon = numbers["epsilon"]
  embeddings = weights["transformer.wte.weight"]
  blocks = [__torch__.gptj.block(weights, index, integers, epsilon) for index in range(integers["layers"])]
  norm = __torch__.layers.layer_norm(weights, "transformer.ln_f", epsilon)
  head = "transformer.wte.weight" if integers["tied"] == 1 else "lm_head.weight"
  output = __torch__.layers.product(weights, head, weights["lm_head.bias"], False)
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  rotary = __torch__.rotary.Rotary(integers["rotary_size"], numbers["theta"], numbers["factor"], embeddings)
  rotary.interleaved = True
  decoder.rotary = rotary
  return decoder
