# The layout of heads in weights: what makes queries, keys and values, each [rows, heads, head_size], of a layer's input.
class Heads(Interface):
  def split(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    pass

class SeparateHeads:
  qkv : __torch__.layers.Projections
  heads : int
  kv_heads : int

  def __init__(self, qkv: __torch__.layers.Projections, heads: int, kv_heads: int) -> NoneType:
    self.qkv = qkv
    self.heads = heads
    self.kv_heads = kv_heads

  def split(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    rows = x.size(0)
    q, k, v = self.qkv.apply(x)
    return (q.view([rows, self.heads, -1]), k.view([rows, self.kv_heads, -1]), v.view([rows, self.kv_heads, -1]))

# One matrix for all three, whose rows are [(q, k, v), head, head_size], or by head [head, (q, k, v), head_size].
# The result is views of one product.
class FusedHeads:
  qkv : __torch__.layers.Projection
  heads : int
  by_head : bool
  clip : float

  def __init__(self, qkv: __torch__.layers.Projection, heads: int, by_head: bool) -> NoneType:
    self.qkv = qkv
    self.heads = heads
    self.by_head = by_head
    self.clip = 0.

  def split(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    rows = x.size(0)
    qkv = self.qkv.apply(x)
    if self.clip > 0.:
      qkv = torch.clamp(qkv, -self.clip, self.clip)
    if self.by_head:
      qkv = qkv.view([rows, self.heads, 3, -1])
      return (qkv.select(2, 0), qkv.select(2, 1), qkv.select(2, 2))
    qkv = qkv.view([rows, 3, self.heads, -1])
    return (qkv.select(1, 0), qkv.select(1, 1), qkv.select(1, 2))

# Attention with linear biases (Press et al. 2022). A bias depends on the distance of key and query alone, so one row of
# numbers for each head holds all that there are, and a matrix of them is a view in which both strides are 1: the index
# grows with the key and, since queries are taken in reverse, with the query. Keys after the query get minus infinity.
class Alibi:
  biases : Tensor
  heads : int
  context : int

  # rows: most queries at once
  def __init__(self, slopes: Tensor, context: int, rows: int) -> NoneType:
    distance = torch.arange(1 - context, rows, dtype=6, device=slopes.device)
    biases = torch.outer(slopes, distance)
    self.biases = torch.masked_fill(biases, distance > 0., -inf)
    self.heads = slopes.size(0)
    self.context = context

  # The biases of keys 0 … end - 1 for `count` queries in reverse, of which the first is at end - 1: [heads, count, end].
  def at(self, count: int, end: int) -> Tensor:
    return torch.as_strided(self.biases, [self.heads, count, end], [self.biases.size(1), 1, 1], self.context - end)

class Attention:
  heads : __torch__.attention.Heads
  output : __torch__.layers.Projection
  layer : int
  window : int
  scale : Optional[float]
  tiled : bool
  alibi : Optional[__torch__.attention.Alibi]
  query_norm : Optional[__torch__.layers.Norm]
  key_norm : Optional[__torch__.layers.Norm]

  # Everything that not all architectures have is set after construction:
  # window: a position sees itself and the window - 1 before it; 0 has no bound
  # scale: what scores are multiplied by, instead of head_size ** -0.5
  # tiled: query head h goes with key head h modulo their number, instead of with h divided by the size of a group
  def __init__(self, heads: __torch__.attention.Heads, output: __torch__.layers.Projection, layer: int) -> NoneType:
    self.heads = heads
    self.output = output
    self.layer = layer
    self.window = 0
    self.scale = annotate(Optional[float], None)
    self.tiled = False
    self.alibi = annotate(Optional[__torch__.attention.Alibi], None)
    self.query_norm = annotate(Optional[__torch__.layers.Norm], None)
    self.key_norm = annotate(Optional[__torch__.layers.Norm], None)

  def apply(self, x: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache, rotation: Optional[__torch__.rotary.Rotation]) -> Tensor:
    q, k, v = self.heads.split(x)
    query_norm = self.query_norm
    if query_norm is not None:
      q = query_norm.apply(q)
    key_norm = self.key_norm
    if key_norm is not None:
      k = key_norm.apply(k)
    if rotation is not None:
      q = rotation.queries(q)
      k = rotation.keys(k)
    return self.output.apply(batch.needed(self.mix(q, k, v, batch, cache)))

  # Every row over the cache of its slot, which the new keys and values are written to first.
  # q: [rows, heads, size], k and v: [rows, kv_heads, size]; the result is [rows, heads * size].
  def mix(self, q: Tensor, k: Tensor, v: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache) -> Tensor:
    heads = q.size(1)
    grouped = self.group(q, k.size(1))
    out : List[Tensor] = []
    spans = batch.spans
    for i in range(len(spans) // 4):
      slot = spans[4 * i]
      row = spans[4 * i + 1]
      count = spans[4 * i + 2]
      first = spans[4 * i + 3]
      keys = cache.keys[slot][self.layer]
      values = cache.values[slot][self.layer]
      if count == 1:
        keys.select(1, first).copy_(k.select(0, row))
        values.select(1, first).copy_(v.select(0, row))
      else:
        keys.narrow(1, first, count).copy_(k.narrow(0, row, count).transpose(0, 1))
        values.narrow(1, first, count).copy_(v.narrow(0, row, count).transpose(0, 1))
      begin = max(0, first - self.window + 1) if self.window > 0 else 0
      seen = first + count - begin
      keys = keys.narrow(1, begin, seen)
      values = values.narrow(1, begin, seen)
      query = grouped.narrow(0, row, count)
      if count == 1:
        out.append(self.one(query, keys, values))
      else:
        out.append(self.several(query, keys, values, batch, first, begin))
    mixed = out[0] if len(out) == 1 else torch.cat(out, 0)
    return self.ungroup(mixed, heads)

  # The query heads that share a key head become the rows of one product. query: [1, kv_heads, group, size]
  def one(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    mask : Optional[Tensor] = None
    alibi = self.alibi
    if alibi is not None:
      mask = alibi.at(1, keys.size(1)).view([1, query.size(1), query.size(2), keys.size(1)])
    return torch.scaled_dot_product_attention(query, keys.unsqueeze(0), values.unsqueeze(0), mask, scale=self.scale)

  # Keys and values are shared by stride 0, not repeated. query: [count, kv_heads, group, size]
  def several(self, query: Tensor, keys: Tensor, values: Tensor, batch: __torch__.cache.Batch, first: int, begin: int) -> Tensor:
    count, kv_heads, group, size = query.size()
    seen = keys.size(1)
    keys = keys.unsqueeze(1).expand([kv_heads, group, seen, size])
    values = values.unsqueeze(1).expand([kv_heads, group, seen, size])
    alibi = self.alibi
    if alibi is not None:
      mask = alibi.at(count, seen).view([kv_heads, group, count, seen])
      reverse = query.flip([0]).permute([1, 2, 0, 3])
      mixed = torch.scaled_dot_product_attention(reverse, keys, values, mask, scale=self.scale)
      return mixed.permute([2, 0, 1, 3]).flip([0])
    query = query.permute([1, 2, 0, 3])
    if first == 0 and (self.window == 0 or count <= self.window):
      mixed = torch.scaled_dot_product_attention(query, keys, values, None, 0., True, scale=self.scale)
    else:
      mask = batch.mask(first, count, begin, self.window)
      mixed = torch.scaled_dot_product_attention(query, keys, values, mask, scale=self.scale)
    return mixed.permute([2, 0, 1, 3])

  # [rows, heads, size] to [rows, kv_heads, group, size]; tiled heads that do not fill the last group are padded.
  def group(self, q: Tensor, kv_heads: int) -> Tensor:
    heads = q.size(1)
    if not self.tiled:
      return q.view([q.size(0), kv_heads, heads // kv_heads, q.size(2)])
    groups = (heads + kv_heads - 1) // kv_heads
    padded = torch.constant_pad_nd(q, [0, 0, 0, groups * kv_heads - heads])
    return padded.view([q.size(0), groups, kv_heads, q.size(2)]).transpose(1, 2)

  def ungroup(self, mixed: Tensor, heads: int) -> Tensor:
    rows = mixed.size(0)
    if not self.tiled:
      return mixed.reshape([rows, heads * mixed.size(3)])
    return mixed.transpose(1, 2).flatten(1, 2).narrow(1, 0, heads).reshape([rows, heads * mixed.size(3)])

# The names that Llama and its kin have.
def llama_attention(weights: Dict[str, Tensor], prefix: str, layer: int, integers: Dict[str, int]) -> __torch__.attention.Attention:
  qkv = __torch__.layers.projections(weights, [prefix + "q_proj", prefix + "k_proj", prefix + "v_proj"])
  heads = __torch__.attention.SeparateHeads(qkv, integers["heads"], integers["kv_heads"])
  return __torch__.attention.Attention(heads, __torch__.layers.projection(weights, prefix + "o_proj"), layer)
