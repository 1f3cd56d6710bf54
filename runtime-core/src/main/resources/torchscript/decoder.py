# What runtime.py runs. Rows are the tokens of a step.
class Decoder(Interface):
  def embed(self, ids: Tensor) -> Tensor:
    pass

  # All rows, or those that are wanted.
  def forward(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache) -> Tensor:
    pass

  def head(self, hidden: Tensor) -> Tensor:
    pass

class Block(Interface):
  def apply(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache, rotation: Optional[__torch__.rotary.Rotation]) -> Tensor:
    pass

# Attention, then the MLP on what that made.
class SerialBlock:
  norm : __torch__.layers.Norm
  attention : __torch__.attention.Attention
  mlp_norm : __torch__.layers.Norm
  mlp : __torch__.layers.Mlp

  def __init__(self, norm: __torch__.layers.Norm, attention: __torch__.attention.Attention, mlp_norm: __torch__.layers.Norm, mlp: __torch__.layers.Mlp) -> NoneType:
    self.norm = norm
    self.attention = attention
    self.mlp_norm = mlp_norm
    self.mlp = mlp

  def apply(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache, rotation: Optional[__torch__.rotary.Rotation]) -> Tensor:
    attended = self.attention.apply(self.norm.apply(hidden), batch, cache, rotation)
    hidden = batch.needed(hidden) + attended
    return hidden + self.mlp.apply(self.mlp_norm.apply(hidden))

# Attention and the MLP beside each other, with a norm each or one for both.
class ParallelBlock:
  norm : __torch__.layers.Norm
  attention : __torch__.attention.Attention
  mlp_norm : Optional[__torch__.layers.Norm]
  mlp : __torch__.layers.Mlp

  def __init__(self, norm: __torch__.layers.Norm, attention: __torch__.attention.Attention, mlp_norm: Optional[__torch__.layers.Norm], mlp: __torch__.layers.Mlp) -> NoneType:
    self.norm = norm
    self.attention = attention
    self.mlp_norm = mlp_norm
    self.mlp = mlp

  def apply(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache, rotation: Optional[__torch__.rotary.Rotation]) -> Tensor:
    x = self.norm.apply(hidden)
    attended = self.attention.apply(x, batch, cache, rotation)
    hidden = batch.needed(hidden)
    mlp_norm = self.mlp_norm
    x = batch.needed(x) if mlp_norm is None else mlp_norm.apply(hidden)
    return hidden + attended + self.mlp.apply(x)

class Transformer:
  embeddings : Tensor
  blocks : List[__torch__.decoder.Block]
  norm : __torch__.layers.Norm
  output : __torch__.layers.Projection
  positions : Optional[Tensor]
  rotary : Optional[__torch__.rotary.Rotary]

  # What tells positions apart is set after construction: learned `positions`, or `rotary`, or neither.
  def __init__(self, embeddings: Tensor, blocks: List[__torch__.decoder.Block], norm: __torch__.layers.Norm, output: __torch__.layers.Projection) -> NoneType:
    self.embeddings = embeddings
    self.blocks = blocks
    self.norm = norm
    self.output = output
    self.positions = annotate(Optional[Tensor], None)
    self.rotary = annotate(Optional[__torch__.rotary.Rotary], None)

  def embed(self, ids: Tensor) -> Tensor:
    return torch.embedding(self.embeddings, ids)

  def forward(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.cache.KvCache) -> Tensor:
    positions = self.positions
    if positions is not None:
      hidden = hidden + torch.embedding(positions, batch.positions)
    rotation : Optional[__torch__.rotary.Rotation] = None
    rotary = self.rotary
    if rotary is not None:
      rotation = rotary.at(batch.positions)
    for i in range(len(self.blocks)):
      batch.last = i == len(self.blocks) - 1
      hidden = self.blocks[i].apply(hidden, batch, cache, rotation)
    return hidden

  def head(self, hidden: Tensor) -> Tensor:
    return self.output.apply(self.norm.apply(hidden))
