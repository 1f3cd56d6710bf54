# XLNet read as an encoder: relative positions alone, told by sines and cosines of distances. Blocks are as in BERT.

# Sines and cosines of the distances from `length` down to 1 - length, which all layers share: [2 * length, hidden].
# limit: farther ones count as that far; 0 has none
def distances(length: int, hidden: int, limit: int, like: Tensor) -> Tensor:
  distance = torch.arange(length, -length, -1, dtype=6, device=like.device)
  if limit > 0:
    distance = torch.clamp(distance, -limit, limit)
  steps = torch.arange(0, hidden, 2, dtype=6, device=like.device)
  angles = torch.outer(distance, torch.reciprocal(torch.pow(10000, steps / hidden)))
  return torch.to(torch.cat([torch.sin(angles), torch.cos(angles)], 1), like.dtype)

# Attention of Transformer-XL: scores of contents, of content and distance, and of content and whether two tokens are of one
# segment, each with a bias of its own in place of the query's position.
class Attention:
  q : __torch__.layers.Projection
  k : __torch__.layers.Projection
  v : __torch__.layers.Projection
  r : __torch__.layers.Projection
  output : __torch__.layers.Projection
  content_bias : Tensor
  distance_bias : Tensor
  segment_bias : Tensor
  segments : Tensor
  causal : bool

  def __init__(self, weights: Dict[str, Tensor], prefix: str, causal: bool) -> NoneType:
    self.q = __torch__.layers.product(weights, prefix + "q", None, True)
    self.k = __torch__.layers.product(weights, prefix + "k", None, True)
    self.v = __torch__.layers.product(weights, prefix + "v", None, True)
    self.r = __torch__.layers.product(weights, prefix + "r", None, True)
    self.output = __torch__.layers.product(weights, prefix + "o", None, False)
    self.content_bias = weights[prefix + "r_w_bias"].unsqueeze(1)
    self.distance_bias = weights[prefix + "r_r_bias"].unsqueeze(1)
    self.segment_bias = weights[prefix + "r_s_bias"].unsqueeze(1)
    self.segments = weights[prefix + "seg_embed"].permute(1, 2, 0)
    self.causal = causal

  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    heads = self.content_bias.size(0)
    q = self.q.apply(hidden)
    k = self.k.apply(hidden)
    v = self.v.apply(hidden)
    distances = batch.shared["distances"]
    r = self.r.apply(distances).view([distances.size(0), heads, -1]).transpose(0, 1)
    scale = 1. / torch.sqrt(r.size(2))
    mixed = torch.empty_like(q)
    for span in batch.spans:
      queries = span.heads(q, heads).transpose(1, 2)
      keys = span.heads(k, heads).transpose(1, 2)
      values = span.heads(v, heads).transpose(1, 2)
      near = r.narrow(1, r.size(1) // 2 - span.length, 2 * span.length)
      bias = self.by_distance(queries, near) + self.by_segment(queries, span.heads(batch.types, 1).view([span.texts, 1, span.length]))
      bias = bias * scale
      if self.causal:
        later = torch.triu(torch.ones([span.length, span.length], dtype=11, device=batch.device), 1)
        bias = torch.masked_fill(bias, later, -inf)
      attended = torch.scaled_dot_product_attention(queries + self.content_bias, keys, values, bias, scale=scale)
      span.heads(mixed, heads).copy_(attended.transpose(1, 2))
    return self.output.apply(mixed)

  # q: [texts, heads, length, size]; r: [heads, 2 * length, size]. Query i and key j are at distance i - j, which is column
  # length - i + j of their product.
  def by_distance(self, q: Tensor, r: Tensor) -> Tensor:
    texts, heads, length, size = q.size()
    product = torch.matmul(q + self.distance_bias, r.transpose(1, 2)).contiguous()
    area = 2 * length * length
    return torch.as_strided(product, [texts, heads, length, length], [heads * area, area, 2 * length - 1, 1], length)

  # types: [texts, 1, length]
  def by_segment(self, q: Tensor, types: Tensor) -> Tensor:
    product = torch.matmul(q + self.segment_bias, self.segments)
    other = types.unsqueeze(3) != types.unsqueeze(2)
    return torch.where(other, product.narrow(3, 1, 1), product.narrow(3, 0, 1))

# In place of a projection that the model does without.
class Unchanged:
  def __init__(self) -> NoneType:
    pass

  def apply(self, x: Tensor) -> Tensor:
    return x

class Body:
  words : Tensor
  blocks : List[__torch__.encoder.Block]
  limit : int

  def __init__(self, words: Tensor, blocks: List[__torch__.encoder.Block], limit: int) -> NoneType:
    self.words = words
    self.blocks = blocks
    self.limit = limit

  def forward(self, batch: __torch__.encoder.Batch) -> Tensor:
    hidden = torch.embedding(self.words, batch.ids)
    longest = max([span.length for span in batch.spans])
    batch.shared["distances"] = __torch__.xlnet.distances(longest, hidden.size(1), self.limit, hidden)
    for block in self.blocks:
      hidden = block.apply(hidden, batch)
    return hidden

def block(weights: Dict[str, Tensor], prefix: str, integers: Dict[str, int], epsilon: float) -> __torch__.encoder.Block:
  attention = __torch__.xlnet.Attention(weights, prefix + "rel_attn.", integers["causal"] == 1)
  norm = __torch__.layers.layer_norm(weights, prefix + "rel_attn.layer_norm", epsilon)
  up = __torch__.layers.projection(weights, prefix + "ff.layer_1")
  down = __torch__.layers.projection(weights, prefix + "ff.layer_2")
  mlp_norm = __torch__.layers.layer_norm(weights, prefix + "ff.layer_norm", epsilon)
  return __torch__.encoder.PostNormBlock(attention, norm, __torch__.layers.PlainMlp(up, down, integers["activation"]), mlp_norm)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  words = weights["transformer.word_embedding.weight"]
  blocks = [__torch__.xlnet.block(weights, "transformer.layer.{}.".format(index), integers, epsilon) for index in range(integers["layers"])]
  encoder = __torch__.encoder.Encoder(__torch__.xlnet.Body(words, blocks, integers["furthest"]))
  if "lm_loss.bias" in weights:
    matrix = weights["lm_loss.weight"] if "lm_loss.weight" in weights else words
    vocabulary = __torch__.layers.Dense(matrix, weights["lm_loss.bias"])
    encoder.heads[4] = __torch__.encoder.Head("asked", [__torch__.encoder.Step(vocabulary, -1, annotate(Optional[__torch__.layers.Norm], None))])
  if __torch__.layers.has_projection(weights, "logits_proj"):
    summary : __torch__.layers.Projection = __torch__.xlnet.Unchanged()
    if __torch__.layers.has_projection(weights, "sequence_summary.summary"):
      summary = __torch__.layers.projection(weights, "sequence_summary.summary")
    first = __torch__.encoder.Step(summary, integers["summary_activation"], annotate(Optional[__torch__.layers.Norm], None))
    rows = ["last", "first", "mean"][integers["summary"]]
    encoder.heads[6] = __torch__.encoder.Head(rows, [first, __torch__.encoder.projection_step(weights, "logits_proj", -1)])
  __torch__.encoder.add_token_head(encoder, weights, integers)
  return encoder
