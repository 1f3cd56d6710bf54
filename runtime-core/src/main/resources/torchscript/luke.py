# LUKE: RoBERTa beside whose words stand entities. Below, the rows of entities follow those of all words.
class Entities:
  entities : Tensor
  projection : Optional[__torch__.layers.Projection]
  positions : Tensor
  types : Tensor
  norm : __torch__.layers.Norm

  def __init__(self, weights: Dict[str, Tensor], prefix: str, epsilon: float) -> NoneType:
    self.entities = weights[prefix + "entity_embeddings.weight"]
    projection : Optional[__torch__.layers.Projection] = None
    if __torch__.layers.has_projection(weights, prefix + "entity_embedding_dense"):
      projection = __torch__.layers.projection(weights, prefix + "entity_embedding_dense")
    self.projection = projection
    self.positions = weights[prefix + "position_embeddings.weight"]
    self.types = weights[prefix + "token_type_embeddings.weight"]
    self.norm = __torch__.layers.layer_norm(weights, prefix + "LayerNorm", epsilon)

  # ids, types: [entities]; positions: [entities, width], -1 where an entity covers fewer tokens
  def apply(self, ids: Tensor, positions: Tensor, types: Tensor) -> Tensor:
    x = torch.embedding(self.entities, ids)
    projection = self.projection
    if projection is not None:
      x = projection.apply(x)
    covered = torch.to(positions != -1, x.dtype).unsqueeze(2)
    places = torch.embedding(self.positions, torch.clamp(positions, 0)) * covered
    mean = torch.sum(places, [1]) / torch.clamp(torch.sum(covered, [1]), 1e-7)
    return self.norm.apply(x + mean + torch.embedding(self.types, types))

# Entity-aware attention: there is a query of its own for each of the ways from words or entities to words or entities.
class Queries:
  word_to_entity : __torch__.layers.Projection
  entity_to_word : __torch__.layers.Projection
  entity_to_entity : __torch__.layers.Projection

  def __init__(self, weights: Dict[str, Tensor], prefix: str) -> NoneType:
    self.word_to_entity = __torch__.layers.projection(weights, prefix + "w2e_query")
    self.entity_to_word = __torch__.layers.projection(weights, prefix + "e2w_query")
    self.entity_to_entity = __torch__.layers.projection(weights, prefix + "e2e_query")

class Attention:
  words : __torch__.bert.SelfAttention
  queries : Optional[__torch__.luke.Queries]

  # words: what attention is where no text has entities; queries: null where entities are words like others
  def __init__(self, words: __torch__.bert.SelfAttention, queries: Optional[__torch__.luke.Queries]) -> NoneType:
    self.words = words
    self.queries = queries

  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    words = batch.ids.size(0)
    if hidden.size(0) == words:
      return self.words.apply(hidden, batch)
    to_words, k, v = self.words.qkv.apply(hidden)
    to_entities = to_words
    queries = self.queries
    if queries is not None:
      of_words = hidden.narrow(0, 0, words)
      of_entities = hidden.narrow(0, words, hidden.size(0) - words)
      to_words = torch.cat([to_words.narrow(0, 0, words), queries.entity_to_word.apply(of_entities)], 0)
      to_entities = torch.cat([queries.word_to_entity.apply(of_words), queries.entity_to_entity.apply(of_entities)], 0)
    mixed = torch.empty_like(k)
    for span in batch.spans:
      keys = self.gather(k, span, words)
      values = self.gather(v, span, words)
      by_word = torch.matmul(self.gather(to_words, span, words), keys.narrow(2, 0, span.length).transpose(2, 3))
      by_entity = torch.matmul(self.gather(to_entities, span, words), keys.narrow(2, span.length, span.entities).transpose(2, 3))
      scores = torch.cat([by_word, by_entity], 3) / torch.sqrt(keys.size(3))
      attended = torch.matmul(torch.softmax(scores, 3), values).transpose(1, 2).flatten(2)
      rows = self.rows(mixed, span, words)
      rows[0].copy_(attended.narrow(1, 0, span.length))
      rows[1].copy_(attended.narrow(1, span.length, span.entities))
    return self.words.output.apply(mixed)

  # Views of the words and of the entities of a span, each [texts, …, hidden].
  def rows(self, x: Tensor, span: __torch__.encoder.Span, words: int) -> Tuple[Tensor, Tensor]:
    of_words = x.narrow(0, span.first, span.texts * span.length)
    of_entities = x.narrow(0, words + span.first_entity, span.texts * span.entities)
    width = x.size(1)
    return (of_words.view([span.texts, span.length, width]), of_entities.view([span.texts, span.entities, width]))

  # Both together by heads: [texts, heads, length + entities, size].
  def gather(self, x: Tensor, span: __torch__.encoder.Span, words: int) -> Tensor:
    of_words, of_entities = self.rows(x, span, words)
    both = torch.cat([of_words, of_entities], 1)
    size = both.size(2) // self.words.heads
    return both.view([span.texts, both.size(1), self.words.heads, size]).transpose(1, 2)

class Body:
  words : __torch__.bert.Embeddings
  entities : __torch__.luke.Entities
  blocks : List[__torch__.encoder.Block]

  def __init__(self, words: __torch__.bert.Embeddings, entities: __torch__.luke.Entities, blocks: List[__torch__.encoder.Block]) -> NoneType:
    self.words = words
    self.entities = entities
    self.blocks = blocks

  def forward(self, batch: __torch__.encoder.Batch) -> Tensor:
    hidden = self.words.apply(batch)
    words = hidden.size(0)
    if "entity_ids" in batch.extras:
      ids = batch.extras["entity_ids"]
      positions = batch.extras["entity_positions"].view([ids.size(0), -1])
      hidden = torch.cat([hidden, self.entities.apply(ids, positions, batch.extras["entity_types"])], 0)
    for block in self.blocks:
      hidden = block.apply(hidden, batch)
    batch.shared["entities"] = hidden.narrow(0, words, hidden.size(0) - words)
    return hidden.narrow(0, 0, words)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  blocks : List[__torch__.encoder.Block] = []
  for index in range(integers["layers"]):
    layer = "luke.encoder.layer.{}.".format(index)
    queries : Optional[__torch__.luke.Queries] = None
    if integers["entity_aware"] == 1:
      queries = __torch__.luke.Queries(weights, layer + "attention.self.")
    words = __torch__.bert.attention(weights, layer + "attention.", integers["heads"])
    blocks.append(__torch__.bert.block(weights, layer, __torch__.luke.Attention(words, queries), integers["activation"], epsilon))
  embeddings = __torch__.bert.embeddings(weights, "luke.embeddings.", epsilon)
  entities = __torch__.luke.Entities(weights, "luke.entity_embeddings.", epsilon)
  encoder = __torch__.encoder.Encoder(__torch__.luke.Body(embeddings, entities, blocks))
  __torch__.bert.add_heads(encoder, weights, "luke.", integers, epsilon)
  if "lm_head.bias" in weights:
    encoder.heads[4] = __torch__.encoder.masked_lm(weights, "lm_head.dense", integers["gelu"], "lm_head.layer_norm", epsilon, "lm_head.decoder.weight", "luke.embeddings.word_embeddings.weight", "lm_head.bias")
  return encoder
