# GPT-Neo: learned positions, LayerNorm, unscaled attention over everything or over a window, a plain MLP.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float, window: int) -> __torch__.decoder.Block:
  prefix = "transformer.h.{}.".format(index)
  qkv = __torch__.layers.projections(weights, [prefix + "attn.attention." + name for name in ["q_proj", "k_proj", "v_proj"]])
  heads = __torch__.attention.SeparateHeads(qkv, integers["heads"], integers["heads"])
  attention = __torch__.attention.Attention(heads, __torch__.layers.projection(weights, prefix + "attn.attention.out_proj"), index)
  attention.window = window
  attention.scale = 1.
  norm = __torch__.layers.layer_norm(weights, prefix + "ln_1", epsilon)
  mlp_norm = __torch__.layers.layer_norm(weights, prefix + "ln_2", epsilon)
  up = __torch__.layers.projection(weights, prefix + "mlp.c_fc")
  down = __torch__.layers.projection(weights, prefix + "mlp.c_proj")
  return __torch__.decoder.SerialBlock(norm, attention, mlp_norm, __torch__.layers.PlainMlp(up, down, integers["activation"]))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  epsilon = numbers["epsilon"]
  windows = lists["windows"]
  embeddings = weights["transformer.wte.weight"]
  blocks = [__torch__.gpt_neo.block(weights, index, integers, epsilon, windows[index]) for index in range(len(windows))]
  norm = __torch__.layers.layer_norm(weights, "transformer.ln_f", epsilon)
  output = __torch__.layers.projection(weights, "transformer.wte" if integers["tied"] == 1 else "lm_head")
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  decoder.positions = weights["transformer.wpe.weight"]
  return decoder
