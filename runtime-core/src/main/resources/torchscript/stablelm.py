# StableLM: LayerNorm, rotary positions on a part of each head, grouped-query attention, a gated MLP after attention or, behind
# the same norm, beside it.
class HeadNorm:
  weight : Tensor
  epsilon : float

  # weights: one for each head
  def __init__(self, weights: List[Tensor], epsilon: float) -> NoneType:
    self.weight = torch.stack(weights)
    self.epsilon = epsilon

  # x: [rows, heads, head_size]
  def apply(self, x: Tensor) -> Tensor:
    return torch.layer_norm(x, [x.size(2)], None, None, self.epsilon) * self.weight

def head_norm(weights: Dict[str, Tensor], name: str, heads: int, epsilon: float) -> __torch__.layers.Norm:
  return __torch__.stablelm.HeadNorm([weights["{}.norms.{}.weight".format(name, head)] for head in range(heads)], epsilon)

def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float) -> __torch__.decoder.Block:
  prefix = "model.layers.{}.".format(index)
  attention = __torch__.attention.llama_attention(weights, prefix + "self_attn.", index, integers)
  if integers["head_norms"] == 1:
    attention.query_norm = __torch__.stablelm.head_norm(weights, prefix + "self_attn.q_layernorm", integers["heads"], epsilon)
    attention.key_norm = __torch__.stablelm.head_norm(weights, prefix + "self_attn.k_layernorm", integers["kv_heads"], epsilon)
  norm = __torch__.layers.layer_norm(weights, prefix + "input_layernorm", epsilon)
  mlp = __torch__.layers.llama_mlp(weights, prefix + "mlp.", integers["activation"])
  if integers["parallel"] == 1:
    return __torch__.decoder.ParallelBlock(norm, attention, None, mlp)
  return __torch__.decoder.SerialBlock(norm, attention, __torch__.layers.layer_norm(weights, prefix + "post_attention_layernorm", epsilon), mlp)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  epsilon = numbers["epsilon"]
  embeddings = weights["model.embed_tokens.weight"]
  blocks = [__torch__.stablelm.block(weights, index, integers, epsilon) for index in range(integers["layers"])]
  norm = __torch__.layers.layer_norm(weights, "model.norm", epsilon)
  output = __torch__.layers.projection(weights, "model.embed_tokens" if integers["tied"] == 1 else "lm_head")
  decoder = __torch__.decoder.Transformer(embeddings, blocks, norm, output)
  decoder.rotary = __torch__.rotary.Rotary(integers["rotary_size"], numbers["theta"], numbers["factor"], embeddings)
  return decoder
