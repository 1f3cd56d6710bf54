# PLaMo: attention and a gated MLP beside each other behind one RMSNorm, rotary positions, and key heads that the query heads
# take in turn: head h goes with key head h modulo their number.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float) -> __torch__.decoder.Block:
  prefix = "model.layers.layers.{}.".format(index)
  attention = __torch__.attention.llama_attention(weights, prefix + "self_attn.", index, integers)
  attention.tiled = True
  norm = __torch__.layers.rms_norm(weights, prefix + "norm", epsilon)
  return __torch__.decoder.ParallelBlock(norm, attention, None, __torch__.layers.llama_mlp(weights, prefix + "mlp.", integers["activation"]))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  epsilon = numbers["epsilon"]
  embeddings = weights["model.embed_tokens.weight"]
  blocks = [__torch__.plamo.block(weights, index, integers, epsilon) for index in range(integers["layers"])]
  norm = __torch__.layers.rms_norm(weights, "model.norm", epsilon)
  output = __torch__.layers.projection(weights, "model.embed_tokens" if integers["tied"] == 1 else "lm_head")
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  decoder.rotary = __torch__.rotary.Rotary(integers["rotary_size"], numbers["theta"], numbers["factor"], embeddings)
  return decoder
