# A matrix product with a weight [out, in], whatever form the weight is kept in.
class Projection(Interface):
  def apply(self, x: Tensor) -> Tensor:
    pass

class Dense:
  weight : Tensor
  bias : Optional[Tensor]

  def __init__(self, weight: Tensor, bias: Optional[Tensor]) -> NoneType:
    self.weight = weight
    self.bias = bias

  def apply(self, x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)

# The weight `name.weight` and, where the checkpoint has it, `name.bias`.
def projection(weights: Dict[str, Tensor], name: str) -> __torch__.layers.Projection:
  bias : Optional[Tensor] = None
  if name + ".bias" in weights:
    bias = weights[name + ".bias"]
  return __torch__.layers.Dense(weights[name + ".weight"], bias)

class RmsNorm:
  weight : Tensor
  epsilon : float

  def __init__(self, weight: Tensor, epsilon: float) -> NoneType:
    self.weight = weight
    self.epsilon = epsilon

  def apply(self, x: Tensor) -> Tensor:
    return torch.rms_norm(x, self.weight.size(), self.weight, self.epsilon)

# Rotary position embedding (Su et al. 2021) in the half-split layout: dimension i turns with dimension i + size / 2.
class Rotary:
  frequencies : Tensor
  factor : float
  half : int
  dtype : int

  def __init__(self, size: int, theta: float, factor: float, like: Tensor) -> NoneType:
    exponents = torch.to(torch.arange(0, size, 2, dtype=4), 6) / size
    self.frequencies = torch.to(1. / torch.pow(theta, exponents), like.device)
    self.factor = factor
    self.half = size // 2
    self.dtype = like.dtype

  # Cosines and sines of the rows of a step, each [rows, 1, size], computed in float32; the sine of the first half
  # carries the minus of the rotation. A table for all positions would take gigabytes for the longest contexts, and
  # this is a few small operations a step.
  def at(self, positions: Tensor) -> Tuple[Tensor, Tensor]:
    angles = torch.outer(torch.to(positions, 6) / self.factor, self.frequencies).unsqueeze(1)
    cosine = angles.cos()
    sine = angles.sin()
    return (torch.to(torch.cat([cosine, cosine], -1), self.dtype), torch.to(torch.cat([-sine, sine], -1), self.dtype))

  # x: [rows, heads, size]
  def apply(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    return torch.addcmul(x * cosine, x.roll([self.half], [2]), sine)

# Attention of every row over the cache of its slot, which the new keys and values are written to first.
# q: [rows, heads, size], k and v: [rows, kv_heads, size]; the result is [rows, heads * size].
# A window of w sees a position and the w - 1 before it; a window of 0 has no bound.
def attention(q: Tensor, k: Tensor, v: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache, layer: int, window: int) -> Tensor:
  heads = q.size(1)
  kv_heads = k.size(1)
  size = q.size(2)
  group = heads // kv_heads
  out : List[Tensor] = []
  spans = batch.spans
  for i in range(len(spans) // 4):
    slot = spans[4 * i]
    row = spans[4 * i + 1]
    count = spans[4 * i + 2]
    first = spans[4 * i + 3]
    end = first + count
    keys = cache.keys[slot][layer]
    values = cache.values[slot][layer]
    keys.narrow(1, first, count).copy_(k.narrow(0, row, count).transpose(0, 1))
    values.narrow(1, first, count).copy_(v.narrow(0, row, count).transpose(0, 1))
    begin = max(0, first - window + 1) if window > 0 else 0
    seen = end - begin
    keys = keys.narrow(1, begin, seen)
    values = values.narrow(1, begin, seen)
    query = q.narrow(0, row, count)
    if count == 1:
      # The query heads that share a key head become the rows of one product.
      query = query.view([1, kv_heads, group, size])
      mixed = torch.scaled_dot_product_attention(query, keys.unsqueeze(0), values.unsqueeze(0))
      out.append(mixed.reshape([1, heads * size]))
    else:
      # [kv_heads, group, count, size]; keys and values are shared by stride 0, not repeated.
      query = query.view([count, kv_heads, group, size]).permute([1, 2, 0, 3])
      keys = keys.unsqueeze(1).expand([kv_heads, group, seen, size])
      values = values.unsqueeze(1).expand([kv_heads, group, seen, size])
      if first == 0 and (window == 0 or end <= window):
        mixed = torch.scaled_dot_product_attention(query, keys, values, None, 0., True)
      else:
        mixed = torch.scaled_dot_product_attention(query, keys, values, batch.mask(first, count, begin, window))
      out.append(mixed.permute([2, 0, 1, 3]).reshape([count, heads * size]))
  if len(out) == 1:
    return out[0]
  return torch.cat(out, 0)

# The activation functions of Transformers' ACT2FN by the numbers of Activation.java.
def activate(x: Tensor, activation: int) -> Tensor:
  if activation == 0:
    return torch.silu(x)
  if activation == 1:
    return torch.gelu(x)
  if activation == 2:
    return torch.gelu(x, approximate="tanh")
  if activation == 3:
    return torch.relu(x)
  if activation == 4:
    return x * torch.sigmoid(1.702 * x)
  if activation == 5:
    return torch.square(torch.relu(x))
  return torch.tanh(x)
