# Qwen, the first version: RMSNorm, one matrix for queries, keys and values, rotary positions whose base grows where the
# context is longer than that of the training texts, queries scaled beyond it, a gated MLP whose gate is w2.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float) -> __torch__.decoder.Block:
  prefix = "transformer.h.{}.".format(index)
  heads = __torch__.attention.FusedHeads(__torch__.layers.projection(weights, prefix + "attn.c_attn"), integers["heads"], False)
  attention = __torch__.attention.Attention(heads, __torch__.layers.projection(weights, prefix + "attn.c_proj"), index)
  norm = __torch__.layers.rms_norm(weights, prefix + "ln_1", epsilon)
  mlp_norm = __torch__.layers.rms_norm(weights, prefix + "ln_2", epsilon)
  gate_and_up = __torch__.layers.projections(weights, [prefix + "mlp.w2", prefix + "mlp.w1"])
  down = __torch__.layers.projection(weights, prefix + "mlp.c_proj")
  return __torch__.decoder.SerialBlock(norm, attention, mlp_norm, __torch__.layers.GatedMlp(gate_and_up, down, integers["activation"]))

# The base for a context of up to 2, 4, 8, … times the trained length, as the model's own code has it for a prompt of that
# length: theta times (2, 4, 8, … doubled, less 1) ** (size / (size - 2)).
def theta(context: int, trained_length: int, size: int, theta: float) -> float:
  alpha = 1.
  reach = trained_length
  while reach < context:
    reach = reach * 2
    alpha = alpha * 2. + 1.
  return theta * alpha ** (size / (size - 2)) if alpha > 1. else theta

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  epsilon = numbers["epsilon"]
  embeddings = weights["transformer.wte.weight"]
  blocks = [__torch__.qwen.block(weights, index, integers, epsilon) for index in range(integers["layers"])]
  norm = __torch__.layers.rms_norm(weights, "transformer.ln_f", epsilon)
  output = __torch__.layers.projection(weights, "transformer.wte" if integers["tied"] == 1 else "lm_head")
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  size = integers["rotary_size"]
  theta = __torch__.qwen.theta(integers["context"], integers["trained_length"], size, numbers["theta"])
  rotary = __torch__.rotary.Rotary(size, theta, 1., embeddings)
  if integers["logarithmic"] == 1:
    rotary.trained_length = integers["trained_length"]
  decoder.rotary = rotary
  return decoder
