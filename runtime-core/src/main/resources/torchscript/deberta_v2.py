# DeBERTa v2 and v3: BERT with disentangled attention, whose scores are those of content against content, of content against
# relative position and the other way round, and perhaps a convolution beside the first layer.

# A relative position is a bucket of the distance of query and key, and has an embedding.
class RelativePositions:
  span : int
  buckets : int
  furthest : int

  # span: buckets to each side; buckets: 0 where each distance is one of its own; furthest: distance of the last bucket
  def __init__(self, span: int, buckets: int, furthest: int) -> NoneType:
    self.span = span
    self.buckets = buckets
    self.furthest = furthest

  # The row of the embeddings for each query and key of `length` tokens: [length, length].
  def rows(self, length: int, device: Device) -> Tensor:
    positions = torch.arange(length, dtype=4, device=device)
    distance = positions.unsqueeze(1) - positions.unsqueeze(0)
    if self.buckets > 0:
      distance = self.bucket(distance)
    return torch.clamp(distance + self.span, 0, 2 * self.span - 1)

  # Near distances stay, farther ones are rounded on a logarithmic scale.
  def bucket(self, distance: Tensor) -> Tensor:
    middle = self.buckets // 2
    size = torch.abs(distance)
    scale = torch.log(torch.tensor((self.furthest - 1) / middle, dtype=6, device=distance.device))
    far = torch.ceil(torch.log(size / middle) / scale * (middle - 1)) + middle
    return torch.to(torch.where(size <= middle, torch.to(distance, 6), far * torch.sign(distance)), 4)

class Attention:
  q : __torch__.layers.Projection
  k : __torch__.layers.Projection
  v : __torch__.layers.Projection
  output : __torch__.layers.Projection
  heads : int
  scale : float
  position_keys : Optional[Tensor]
  position_queries : Optional[Tensor]

  # scale: what scores are multiplied by
  # position_keys, position_queries: [heads, 2 * span, size], set after construction where the model has them
  def __init__(self, q: __torch__.layers.Projection, k: __torch__.layers.Projection, v: __torch__.layers.Projection, output: __torch__.layers.Projection, heads: int, scale: float) -> NoneType:
    self.q = q
    self.k = k
    self.v = v
    self.output = output
    self.heads = heads
    self.scale = scale
    self.position_keys = annotate(Optional[Tensor], None)
    self.position_queries = annotate(Optional[Tensor], None)

  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    q = self.q.apply(hidden)
    k = self.k.apply(hidden)
    v = self.v.apply(hidden)
    mixed = torch.empty_like(q)
    for span in batch.spans:
      queries = span.heads(q, self.heads).transpose(1, 2)
      keys = span.heads(k, self.heads).transpose(1, 2)
      values = span.heads(v, self.heads).transpose(1, 2)
      bias : Optional[Tensor] = None
      if "relative" in batch.shared:
        bias = self.bias(queries, keys, batch.shared["relative"])
      attended = torch.scaled_dot_product_attention(queries, keys, values, bias, scale=self.scale)
      span.heads(mixed, self.heads).copy_(attended.transpose(1, 2))
    return self.output.apply(mixed)

  # What positions add to the scaled scores, [texts, heads, length, length]. relative: rows for the longest text
  def bias(self, q: Tensor, k: Tensor, relative: Tensor) -> Optional[Tensor]:
    length = q.size(2)
    rows = relative.narrow(0, 0, length).narrow(1, 0, length)
    shape = [q.size(0), self.heads, length, length]
    bias : Optional[Tensor] = None
    position_keys = self.position_keys
    if position_keys is not None:
      bias = torch.gather(torch.matmul(q, position_keys.transpose(1, 2)), 3, rows.expand(shape)) * self.scale
    position_queries = self.position_queries
    if position_queries is not None:
      by_key = torch.gather(torch.matmul(k, position_queries.transpose(1, 2)), 3, rows.t().expand(shape))
      by_query = by_key.transpose(2, 3) * self.scale
      bias = by_query if bias is None else bias + by_query
    return bias

# A convolution over the embeddings, added to what the first layer makes of them.
class Convolution:
  weight : Tensor
  bias : Tensor
  groups : int
  activation : int
  norm : __torch__.layers.Norm

  def __init__(self, weight: Tensor, bias: Tensor, groups: int, activation: int, norm: __torch__.layers.Norm) -> NoneType:
    self.weight = weight
    self.bias = bias
    self.groups = groups
    self.activation = activation
    self.norm = norm

  def apply(self, embedded: Tensor, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    near = torch.empty_like(embedded)
    half = (self.weight.size(2) - 1) // 2
    for span in batch.spans:
      rows = span.heads(embedded, 1).squeeze(2).transpose(1, 2)
      made = torch.conv1d(rows, self.weight, self.bias, [1], [half], [1], self.groups)
      span.heads(near, 1).squeeze(2).copy_(made.transpose(1, 2))
    return self.norm.apply(hidden + __torch__.layers.activate(near, self.activation))

class Body:
  embeddings : __torch__.bert.Embeddings
  projection : Optional[__torch__.layers.Projection]
  blocks : List[__torch__.encoder.Block]
  relative : Optional[__torch__.deberta_v2.RelativePositions]
  convolution : Optional[__torch__.deberta_v2.Convolution]

  # What not all have is set after construction: a projection of the embeddings' sum to the width of the hidden states.
  def __init__(self, embeddings: __torch__.bert.Embeddings, blocks: List[__torch__.encoder.Block]) -> NoneType:
    self.embeddings = embeddings
    self.projection = annotate(Optional[__torch__.layers.Projection], None)
    self.blocks = blocks
    self.relative = annotate(Optional[__torch__.deberta_v2.RelativePositions], None)
    self.convolution = annotate(Optional[__torch__.deberta_v2.Convolution], None)

  def forward(self, batch: __torch__.encoder.Batch) -> Tensor:
    embedded = self.embeddings.sum(batch)
    projection = self.projection
    if projection is not None:
      embedded = projection.apply(embedded)
    embedded = self.embeddings.finish(embedded)
    relative = self.relative
    if relative is not None:
      batch.shared["relative"] = relative.rows(max([span.length for span in batch.spans]), batch.device)
    hidden = embedded
    for i in range(len(self.blocks)):
      hidden = self.blocks[i].apply(hidden, batch)
      convolution = self.convolution
      if i == 0 and convolution is not None:
        hidden = convolution.apply(embedded, hidden, batch)
    return hidden

# The embeddings of relative positions as queries or keys: [heads, 2 * span, size].
def positions(projection: __torch__.layers.Projection, embeddings: Tensor, heads: int) -> Tensor:
  return projection.apply(embeddings).view([embeddings.size(0), heads, -1]).transpose(0, 1)

def attention(weights: Dict[str, Tensor], prefix: str, integers: Dict[str, int], scale: float, relative: Optional[Tensor]) -> __torch__.deberta_v2.Attention:
  heads = integers["heads"]
  q = __torch__.layers.projection(weights, prefix + "self.query_proj")
  k = __torch__.layers.projection(weights, prefix + "self.key_proj")
  v = __torch__.layers.projection(weights, prefix + "self.value_proj")
  output = __torch__.layers.projection(weights, prefix + "output.dense")
  attention = __torch__.deberta_v2.Attention(q, k, v, output, heads, scale)
  if relative is not None:
    shared = integers["shared_projections"] == 1
    if integers["position_keys"] == 1:
      keys = k if shared else __torch__.layers.projection(weights, prefix + "self.pos_key_proj")
      attention.position_keys = __torch__.deberta_v2.positions(keys, relative, heads)
    if integers["position_queries"] == 1:
      queries = q if shared else __torch__.layers.projection(weights, prefix + "self.pos_query_proj")
      attention.position_queries = __torch__.deberta_v2.positions(queries, relative, heads)
  return attention

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  relative : Optional[Tensor] = None
  if "deberta.encoder.rel_embeddings.weight" in weights:
    embedded = weights["deberta.encoder.rel_embeddings.weight"]
    if "deberta.encoder.LayerNorm.weight" in weights:
      embedded = __torch__.layers.layer_norm(weights, "deberta.encoder.LayerNorm", epsilon).apply(embedded)
    relative = embedded
  blocks : List[__torch__.encoder.Block] = []
  for index in range(integers["layers"]):
    layer = "deberta.encoder.layer.{}.".format(index)
    attention = __torch__.deberta_v2.attention(weights, layer + "attention.", integers, numbers["scale"], relative)
    blocks.append(__torch__.bert.block(weights, layer, attention, integers["activation"], epsilon))
  body = __torch__.deberta_v2.Body(__torch__.bert.embeddings(weights, "deberta.embeddings.", epsilon), blocks)
  if __torch__.layers.has_projection(weights, "deberta.embeddings.embed_proj"):
    body.projection = __torch__.layers.projection(weights, "deberta.embeddings.embed_proj")
  if relative is not None:
    body.relative = __torch__.deberta_v2.RelativePositions(integers["span"], integers["buckets"], integers["furthest"])
  convolution = "deberta.encoder.conv."
  if convolution + "conv.weight" in weights:
    norm = __torch__.layers.layer_norm(weights, convolution + "LayerNorm", epsilon)
    body.convolution = __torch__.deberta_v2.Convolution(weights[convolution + "conv.weight"], weights[convolution + "conv.bias"], integers["conv_groups"], integers["conv_activation"], norm)
  encoder = __torch__.encoder.Encoder(body)
  __torch__.bert.add_heads(encoder, weights, "deberta.", integers, epsilon)
  if "lm_predictions.lm_head.bias" in weights:
    head = "lm_predictions.lm_head."
    encoder.heads[4] = __torch__.encoder.masked_lm(weights, head + "dense", integers["activation"], head + "LayerNorm", epsilon, "", "deberta.embeddings.word_embeddings.weight", head + "bias")
  __torch__.encoder.add_first_token_head(encoder, weights, "pooler.dense", integers["pooler_activation"], "classifier")
  return encoder
