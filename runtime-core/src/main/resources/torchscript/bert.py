# BERT: learned positions and token types, attention over the whole text, norms after the sums. Its kin (RoBERTa, ELECTRA,
# LayoutLM, …) call the functions of this file with their own prefix.
class Embeddings:
  words : Tensor
  types : Optional[Tensor]
  positions : Optional[Tensor]
  norm : __torch__.layers.Norm
  projection : Optional[__torch__.layers.Projection]

  # What not all have is set after construction: a projection to the width of the hidden states.
  def __init__(self, words: Tensor, types: Optional[Tensor], positions: Optional[Tensor], norm: __torch__.layers.Norm) -> NoneType:
    self.words = words
    self.types = types
    self.positions = positions
    self.norm = norm
    self.projection = annotate(Optional[__torch__.layers.Projection], None)

  def sum(self, batch: __torch__.encoder.Batch) -> Tensor:
    x = torch.embedding(self.words, batch.ids)
    types = self.types
    if types is not None:
      x = x + torch.embedding(types, batch.types)
    positions = self.positions
    if positions is not None:
      x = x + torch.embedding(positions, batch.positions)
    return x

  def finish(self, x: Tensor) -> Tensor:
    x = self.norm.apply(x)
    projection = self.projection
    if projection is not None:
      x = projection.apply(x)
    return x

  def apply(self, batch: __torch__.encoder.Batch) -> Tensor:
    return self.finish(self.sum(batch))

def embeddings(weights: Dict[str, Tensor], prefix: str, epsilon: float) -> __torch__.bert.Embeddings:
  words = weights[prefix + "word_embeddings.weight"]
  types = __torch__.layers.optional(weights, prefix + "token_type_embeddings.weight")
  positions = __torch__.layers.optional(weights, prefix + "position_embeddings.weight")
  return __torch__.bert.Embeddings(words, types, positions, __torch__.layers.layer_norm(weights, prefix + "LayerNorm", epsilon))

# Every token of a text sees all tokens of the text but the unseen ones.
class SelfAttention:
  qkv : __torch__.layers.Projections
  output : __torch__.layers.Projection
  heads : int
  distances : Optional[Tensor]
  key_distances : bool
  rotary_values : bool

  # What not all have is set after construction: an embedding [2 * positions - 1, size of a head] of the distance of query
  # and key, which queries, and perhaps keys, are multiplied by; whether values are turned as queries and keys are where
  # the batch has a rotation.
  def __init__(self, qkv: __torch__.layers.Projections, output: __torch__.layers.Projection, heads: int) -> NoneType:
    self.qkv = qkv
    self.output = output
    self.heads = heads
    self.distances = annotate(Optional[Tensor], None)
    self.key_distances = False
    self.rotary_values = False

  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    q, k, v = self.qkv.apply(hidden)
    if "cosine" in batch.shared:
      q = self.turn(q, batch)
      k = self.turn(k, batch)
      if self.rotary_values:
        v = self.turn(v, batch)
    mixed = torch.empty_like(q)
    for span in batch.spans:
      queries = span.heads(q, self.heads).transpose(1, 2)
      keys = span.heads(k, self.heads).transpose(1, 2)
      values = span.heads(v, self.heads).transpose(1, 2)
      bias : Optional[Tensor] = None
      distances = self.distances
      if distances is not None:
        bias = self.bias(queries, keys, distances, span, batch)
      if span.unseen > 0:
        seen = span.length - span.unseen
        keys = keys.narrow(2, 0, seen)
        values = values.narrow(2, 0, seen)
        if bias is not None:
          bias = bias.narrow(3, 0, seen)
      attended = torch.scaled_dot_product_attention(queries, keys, values, bias)
      span.heads(mixed, self.heads).copy_(attended.transpose(1, 2))
    return self.output.apply(mixed)

  def turn(self, x: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    by_head = x.view([x.size(0), self.heads, -1])
    rotation = __torch__.rotary.Rotation(by_head.size(2), True, batch.shared["cosine"], batch.shared["sine"])
    return rotation.keys(by_head).flatten(1)

  # What distances add to the scaled scores, [texts, heads, length, length].
  def bias(self, q: Tensor, k: Tensor, distances: Tensor, span: __torch__.encoder.Span, batch: __torch__.encoder.Batch) -> Tensor:
    place = torch.arange(span.length, dtype=4, device=batch.device)
    rows = place.unsqueeze(1) - place.unsqueeze(0) + (distances.size(0) // 2)
    between = torch.embedding(distances, rows)
    bias = torch.einsum("bhld,lrd->bhlr", [q, between])
    if self.key_distances:
      bias = bias + torch.einsum("bhrd,lrd->bhlr", [k, between])
    return bias / torch.sqrt(q.size(3))

def attention(weights: Dict[str, Tensor], prefix: str, heads: int) -> __torch__.bert.SelfAttention:
  qkv = __torch__.layers.projections(weights, [prefix + "self.query", prefix + "self.key", prefix + "self.value"])
  return __torch__.bert.SelfAttention(qkv, __torch__.layers.projection(weights, prefix + "output.dense"), heads)

# What follows attention in a layer.
def block(weights: Dict[str, Tensor], prefix: str, attention: __torch__.encoder.Attention, activation: int, epsilon: float) -> __torch__.encoder.Block:
  up = __torch__.layers.projection(weights, prefix + "intermediate.dense")
  down = __torch__.layers.projection(weights, prefix + "output.dense")
  norm = __torch__.layers.layer_norm(weights, prefix + "attention.output.LayerNorm", epsilon)
  mlp_norm = __torch__.layers.layer_norm(weights, prefix + "output.LayerNorm", epsilon)
  return __torch__.encoder.PostNormBlock(attention, norm, __torch__.layers.PlainMlp(up, down, activation), mlp_norm)

def blocks(weights: Dict[str, Tensor], prefix: str, integers: Dict[str, int], epsilon: float) -> List[__torch__.encoder.Block]:
  blocks : List[__torch__.encoder.Block] = []
  for index in range(integers["layers"]):
    layer = prefix + "encoder.layer.{}.".format(index)
    attention = __torch__.bert.attention(weights, layer + "attention.", integers["heads"])
    distances = layer + "attention.self.distance_embedding.weight"
    if distances in weights:
      attention.distances = weights[distances]
      attention.key_distances = integers["key_distances"] == 1
    if "rotary_value" in integers:
      attention.rotary_values = integers["rotary_value"] == 1
    blocks.append(__torch__.bert.block(weights, layer, attention, integers["activation"], epsilon))
  return blocks

# The heads of BERT and of those that have them by its names, as far as they are in the file.
def add_heads(encoder: __torch__.encoder.Encoder, weights: Dict[str, Tensor], prefix: str, integers: Dict[str, int], epsilon: float) -> NoneType:
  __torch__.encoder.add_pooled_heads(encoder, weights, prefix + "pooler.dense", integers, "cls.seq_relationship")
  if "cls.predictions.bias" in weights:
    encoder.heads[4] = __torch__.encoder.masked_lm(weights, "cls.predictions.transform.dense", integers["activation"], "cls.predictions.transform.LayerNorm", epsilon, "cls.predictions.decoder.weight", prefix + "embeddings.word_embeddings.weight", "cls.predictions.bias")
  __torch__.encoder.add_token_head(encoder, weights, integers)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  embeddings = __torch__.bert.embeddings(weights, "bert.embeddings.", epsilon)
  encoder = __torch__.encoder.Encoder(__torch__.encoder.Transformer(embeddings, __torch__.bert.blocks(weights, "bert.", integers, epsilon)))
  __torch__.bert.add_heads(encoder, weights, "bert.", integers, epsilon)
  return encoder
