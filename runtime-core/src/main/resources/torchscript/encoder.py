# Texts of one length that stand together in a batch, with as much padding and as many tokens at the end that none sees.
# Their rows are [texts * length, …]; those of their entities, of which each has as many, are [texts * entities, …].
class Span:
  first : int
  texts : int
  length : int
  padding : int
  unseen : int
  first_entity : int
  entities : int

  def __init__(self, first: int, texts: int, length: int, padding: int, unseen: int, first_entity: int, entities: int) -> NoneType:
    self.first = first
    self.texts = texts
    self.length = length
    self.padding = padding
    self.unseen = unseen
    self.first_entity = first_entity
    self.entities = entities

  # The rows of the span out of those of the batch, as [texts, length, heads, size of a head].
  def heads(self, x: Tensor, heads: int) -> Tensor:
    return x.narrow(0, self.first, self.texts * self.length).view([self.texts, self.length, heads, -1])

# The texts of one step without padding: a row for each token, those of a text one after the other.
class Batch:
  device : Device
  ids : Tensor
  positions : Tensor
  types : Tensor
  spans : List[__torch__.encoder.Span]
  firsts : Tensor
  lasts : Tensor
  asked : Tensor
  extras : Dict[str, Tensor]
  # What the layers share, made once for a step.
  shared : Dict[str, Tensor]

  def __init__(self, device: Device, ids: List[int], positions: List[int], types: List[int], spans: List[int], extras: Dict[str, List[int]], asked: List[int]) -> NoneType:
    self.device = device
    self.ids = torch.tensor(ids, dtype=4, device=device)
    self.positions = torch.tensor(positions, dtype=4, device=device)
    self.types = torch.tensor(types, dtype=4, device=device)
    parts : List[__torch__.encoder.Span] = []
    firsts : List[int] = []
    lasts : List[int] = []
    for i in range(len(spans) // 7):
      span = __torch__.encoder.Span(spans[7 * i], spans[7 * i + 1], spans[7 * i + 2], spans[7 * i + 3], spans[7 * i + 4], spans[7 * i + 5], spans[7 * i + 6])
      parts.append(span)
      for text in range(span.texts):
        firsts.append(span.first + text * span.length)
        lasts.append(span.first + (text + 1) * span.length - 1)
    self.spans = parts
    self.firsts = torch.tensor(firsts, dtype=4, device=device)
    self.lasts = torch.tensor(lasts, dtype=4, device=device)
    self.asked = torch.tensor(asked, dtype=4, device=device)
    tensors : Dict[str, Tensor] = {}
    for name in extras.keys():
      tensors[name] = torch.tensor(extras[name], dtype=4, device=device)
    self.extras = tensors
    shared : Dict[str, Tensor] = {}
    self.shared = shared

  # The mean of each text's rows, in float32.
  def means(self, hidden: Tensor) -> Tensor:
    means : List[Tensor] = []
    for span in self.spans:
      means.append(torch.mean(torch.to(span.heads(hidden, 1), 6), [1, 2]))
    return torch.cat(means, 0)

class Body(Interface):
  # The last hidden states, [rows, hidden]; those of entities are left in batch.shared["entities"].
  def forward(self, batch: __torch__.encoder.Batch) -> Tensor:
    pass

class Embeddings(Interface):
  def apply(self, batch: __torch__.encoder.Batch) -> Tensor:
    pass

class Attention(Interface):
  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    pass

class Block(Interface):
  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    pass

# The norms come after the sums, as in the first Transformer.
class PostNormBlock:
  attention : __torch__.encoder.Attention
  norm : __torch__.layers.Norm
  mlp : __torch__.layers.Mlp
  mlp_norm : __torch__.layers.Norm

  def __init__(self, attention: __torch__.encoder.Attention, norm: __torch__.layers.Norm, mlp: __torch__.layers.Mlp, mlp_norm: __torch__.layers.Norm) -> NoneType:
    self.attention = attention
    self.norm = norm
    self.mlp = mlp
    self.mlp_norm = mlp_norm

  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    hidden = self.norm.apply(hidden + self.attention.apply(hidden, batch))
    return self.mlp_norm.apply(hidden + self.mlp.apply(hidden))

class PreNormBlock:
  norm : __torch__.layers.Norm
  attention : __torch__.encoder.Attention
  mlp_norm : __torch__.layers.Norm
  mlp : __torch__.layers.Mlp

  def __init__(self, norm: __torch__.layers.Norm, attention: __torch__.encoder.Attention, mlp_norm: __torch__.layers.Norm, mlp: __torch__.layers.Mlp) -> NoneType:
    self.norm = norm
    self.attention = attention
    self.mlp_norm = mlp_norm
    self.mlp = mlp

  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    hidden = hidden + self.attention.apply(self.norm.apply(hidden), batch)
    return hidden + self.mlp.apply(self.mlp_norm.apply(hidden))

class Transformer:
  embeddings : __torch__.encoder.Embeddings
  blocks : List[__torch__.encoder.Block]

  def __init__(self, embeddings: __torch__.encoder.Embeddings, blocks: List[__torch__.encoder.Block]) -> NoneType:
    self.embeddings = embeddings
    self.blocks = blocks

  def forward(self, batch: __torch__.encoder.Batch) -> Tensor:
    hidden = self.embeddings.apply(batch)
    for block in self.blocks:
      hidden = block.apply(hidden, batch)
    return hidden

# A projection, an activation function by its number or none (-1), a norm or none.
class Step:
  projection : __torch__.layers.Projection
  activation : int
  norm : Optional[__torch__.layers.Norm]

  def __init__(self, projection: __torch__.layers.Projection, activation: int, norm: Optional[__torch__.layers.Norm]) -> NoneType:
    self.projection = projection
    self.activation = activation
    self.norm = norm

  def apply(self, x: Tensor) -> Tensor:
    x = self.projection.apply(x)
    if self.activation >= 0:
      x = __torch__.layers.activate(x, self.activation)
    norm = self.norm
    if norm is not None:
      x = norm.apply(x)
    return x

# Steps on the hidden states of all tokens ("all"), of the first or the last token of each text ("first", "last"), on their
# mean ("mean"), or on those that were asked for ("asked").
class Head:
  rows : str
  steps : List[__torch__.encoder.Step]

  def __init__(self, rows: str, steps: List[__torch__.encoder.Step]) -> NoneType:
    self.rows = rows
    self.steps = steps

  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    if self.rows == "first":
      hidden = hidden.index_select(0, batch.firsts)
    elif self.rows == "last":
      hidden = hidden.index_select(0, batch.lasts)
    elif self.rows == "mean":
      hidden = torch.to(batch.means(hidden), hidden.dtype)
    elif self.rows == "asked":
      hidden = hidden.index_select(0, batch.asked)
    for step in self.steps:
      hidden = step.apply(hidden)
    return hidden

def projection_step(weights: Dict[str, Tensor], name: str, activation: int) -> __torch__.encoder.Step:
  return __torch__.encoder.Step(__torch__.layers.projection(weights, name), activation, annotate(Optional[__torch__.layers.Norm], None))

# The head of a masked language model: a projection with activation and norm, then the vocabulary's matrix. That is
# the tensor `output` with its own bias where the file has them, else the matrix of the embeddings and `bias`.
def masked_lm(weights: Dict[str, Tensor], dense: str, activation: int, norm: str, epsilon: float, output: str, embeddings: str, bias: str) -> __torch__.encoder.Head:
  transform = __torch__.encoder.Step(__torch__.layers.projection(weights, dense), activation, __torch__.layers.layer_norm(weights, norm, epsilon))
  matrix = weights[output] if output in weights else weights[embeddings]
  own_bias = output.replace(".weight", ".bias")
  offset = weights[own_bias] if own_bias in weights else weights[bias]
  none = annotate(Optional[__torch__.layers.Norm], None)
  vocabulary = __torch__.encoder.Step(__torch__.layers.Dense(matrix, annotate(Optional[Tensor], offset)), -1, none)
  return __torch__.encoder.Head("asked", [transform, vocabulary])

class Encoder:
  body : __torch__.encoder.Body
  heads : Dict[int, __torch__.encoder.Head]

  # The heads are set after construction, by the numbers of EncoderOutput.java.
  def __init__(self, body: __torch__.encoder.Body) -> NoneType:
    heads : Dict[int, __torch__.encoder.Head] = {}
    self.body = body
    self.heads = heads

  def output(self, number: int, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    if number == 0:
      return hidden
    if number == 1:
      return batch.means(hidden)
    if number == 2:
      return batch.shared["entities"]
    if number == 8:
      return hidden.index_select(0, batch.firsts)
    return self.heads[number].apply(hidden, batch)

# The pooler, and what reads its result: whether one part of a text follows the other, and labels of texts.
def add_pooled_heads(encoder: __torch__.encoder.Encoder, weights: Dict[str, Tensor], pooler: str, integers: Dict[str, int], relationship: str) -> NoneType:
  if __torch__.layers.has_projection(weights, pooler):
    pool = __torch__.encoder.projection_step(weights, pooler, integers["tanh"])
    encoder.heads[3] = __torch__.encoder.Head("first", [pool])
    if __torch__.layers.has_projection(weights, relationship):
      encoder.heads[5] = __torch__.encoder.Head("first", [pool, __torch__.encoder.projection_step(weights, relationship, -1)])
    if __torch__.layers.has_projection(weights, "classifier") and integers["labels_tokens"] == 0:
      encoder.heads[6] = __torch__.encoder.Head("first", [pool, __torch__.encoder.projection_step(weights, "classifier", -1)])

# Labels of texts by their first token.
def add_first_token_head(encoder: __torch__.encoder.Encoder, weights: Dict[str, Tensor], dense: str, activation: int, output: str) -> NoneType:
  if __torch__.layers.has_projection(weights, dense):
    first = __torch__.encoder.projection_step(weights, dense, activation)
    encoder.heads[6] = __torch__.encoder.Head("first", [first, __torch__.encoder.projection_step(weights, output, -1)])

def add_token_head(encoder: __torch__.encoder.Encoder, weights: Dict[str, Tensor], integers: Dict[str, int]) -> NoneType:
  if __torch__.layers.has_projection(weights, "classifier") and integers["labels_tokens"] == 1:
    encoder.heads[7] = __torch__.encoder.Head("all", [__torch__.encoder.projection_step(weights, "classifier", -1)])
