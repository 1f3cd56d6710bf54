# Llama 1 and 2, Mistral, Qwen2: RMSNorm, rotary positions, grouped-query attention and a gated MLP, one after the other.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float, window: int) -> __torch__.decoder.Block:
  prefix = "model.layers.{}.".format(index)
  attention = __torch__.attention.llama_attention(weights, prefix + "self_attn.", index, integers)
  attention.window = window
  norm = __torch__.layers.rms_norm(weights, prefix + "input_layernorm", epsilon)
  mlp_norm = __torch__.layers.rms_norm(weights, prefix + "post_attention_layernorm", epsilon)
  mlp = __torch__.layers.llama_mlp(weights, prefix + "mlp.", integers["activation"])
  return __torch__.decoder.SerialBlock(norm, attention, mlp_norm, mlp)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  epsilon = numbers["epsilon"]
  windows = lists["windows"]
  embeddings = weights["model.embed_tokens.weight"]
  blocks = [__torch__.llama.block(weights, index, integers, epsilon, windows[index]) for index in range(len(windows))]
  norm = __torch__.layers.rms_norm(weights, "model.norm", epsilon)
  output = __torch__.layers.projection(weights, "model.embed_tokens" if integers["tied"] == 1 else "lm_head")
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  decoder.rotary = __torch__.rotary.Rotary(integers["rotary_size"], numbers["theta"], numbers["factor"], embeddings)
  return decoder
