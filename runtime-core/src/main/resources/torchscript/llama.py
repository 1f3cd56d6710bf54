# Llama 1 and 2, Mistral, Qwen2: pre-norm decoder with RMSNorm, rotary positions, grouped-query attention and SwiGLU.
class Layer:
  input_norm : __torch__.layers.RmsNorm
  q : __torch__.layers.Projection
  k : __torch__.layers.Projection
  v : __torch__.layers.Projection
  o : __torch__.layers.Projection
  mlp_norm : __torch__.layers.RmsNorm
  gate : __torch__.layers.Projection
  up : __torch__.layers.Projection
  down : __torch__.layers.Projection
  index : int
  heads : int
  kv_heads : int
  window : int
  activation : int

  def __init__(self, weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float, window: int) -> NoneType:
    prefix = "model.layers.{}.".format(index)
    self.input_norm = __torch__.layers.RmsNorm(weights[prefix + "input_layernorm.weight"], epsilon)
    self.q = __torch__.layers.projection(weights, prefix + "self_attn.q_proj")
    self.k = __torch__.layers.projection(weights, prefix + "self_attn.k_proj")
    self.v = __torch__.layers.projection(weights, prefix + "self_attn.v_proj")
    self.o = __torch__.layers.projection(weights, prefix + "self_attn.o_proj")
    self.mlp_norm = __torch__.layers.RmsNorm(weights[prefix + "post_attention_layernorm.weight"], epsilon)
    self.gate = __torch__.layers.projection(weights, prefix + "mlp.gate_proj")
    self.up = __torch__.layers.projection(weights, prefix + "mlp.up_proj")
    self.down = __torch__.layers.projection(weights, prefix + "mlp.down_proj")
    self.index = index
    self.heads = integers["heads"]
    self.kv_heads = integers["kv_heads"]
    self.window = window
    self.activation = integers["activation"]

  def apply(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache, rotary: __torch__.layers.Rotary, cosine: Tensor, sine: Tensor) -> Tensor:
    rows = hidden.size(0)
    x = self.input_norm.apply(hidden)
    q = rotary.apply(self.q.apply(x).view([rows, self.heads, -1]), cosine, sine)
    k = rotary.apply(self.k.apply(x).view([rows, self.kv_heads, -1]), cosine, sine)
    v = self.v.apply(x).view([rows, self.kv_heads, -1])
    hidden = hidden + self.o.apply(__torch__.layers.attention(q, k, v, batch, cache, self.index, self.window))
    x = self.mlp_norm.apply(hidden)
    gated = __torch__.layers.activate(self.gate.apply(x), self.activation) * self.up.apply(x)
    return hidden + self.down.apply(gated)

class Decoder:
  embeddings : Tensor
  layers : List[__torch__.llama.Layer]
  rotary : __torch__.layers.Rotary
  norm : __torch__.layers.RmsNorm
  output : __torch__.layers.Projection

  def __init__(self, weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], windows: List[int]) -> NoneType:
    epsilon = numbers["epsilon"]
    self.embeddings = weights["model.embed_tokens.weight"]
    self.layers = [__torch__.llama.Layer(weights, index, integers, epsilon, windows[index]) for index in range(len(windows))]
    self.rotary = __torch__.layers.Rotary(integers["head_size"], numbers["theta"], numbers["factor"], self.embeddings)
    self.norm = __torch__.layers.RmsNorm(weights["model.norm.weight"], epsilon)
    self.output = __torch__.layers.projection(weights, "model.embed_tokens" if integers["tied"] == 1 else "lm_head")

  def embed(self, ids: Tensor) -> Tensor:
    return torch.embedding(self.embeddings, ids)

  def forward(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache) -> Tensor:
    cosine, sine = self.rotary.at(batch.positions)
    for layer in self.layers:
      hidden = layer.apply(hidden, batch, cache, self.rotary, cosine, sine)
    return hidden

  def head(self, hidden: Tensor) -> Tensor:
    return self.output.apply(self.norm.apply(hidden))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.llama.Decoder:
  return __torch__.llama.Decoder(weights, integers, numbers, lists["windows"])
