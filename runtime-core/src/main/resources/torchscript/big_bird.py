# BigBird: BERT whose attention leaves most of a long text out.

# Attention on one text, linear in its length: the first and the last block of tokens see everything, the others
# the first block, the last, and three around themselves. The blocks that training draws at random are all the first one
# when the reference infers, so that it counts `1 + repeated` times.
class BlockSparse:
  block : int
  repeated : int

  def __init__(self, block: int, repeated: int) -> NoneType:
    self.block = block
    self.repeated = repeated

  # Shorter texts have nothing to leave out.
  def fits(self, length: int) -> bool:
    return length > (5 + 2 * self.repeated) * self.block

  # q, k, v: [rows, heads, size]; the result is [rows, heads, size].
  # length: what the text is padded to, which says where the last block is
  def mix(self, q: Tensor, k: Tensor, v: Tensor, length: int) -> Tensor:
    rows, heads, size = q.size()
    block = self.block
    blocks = (length + block - 1) // block
    used = (rows + block - 1) // block
    middle = min(used - 1, blocks - 2)
    parts = [self.everywhere(q.narrow(0, 0, min(block, rows)), k, v)]
    if middle > 0:
      keys = self.windows(k, used, blocks, middle)
      values = self.windows(v, used, blocks, middle)
      queries = self.blocked(q, used).narrow(0, 1, middle)
      mixed = torch.scaled_dot_product_attention(queries, keys, values, self.mask(q, rows, blocks, middle))
      mixed = mixed.transpose(1, 2).reshape([middle * block, heads, size])
      parts.append(mixed.narrow(0, 0, min(middle * block, rows - block)))
    if used == blocks:
      first = (blocks - 1) * block
      parts.append(self.everywhere(q.narrow(0, first, rows - first), k, v))
    return torch.cat(parts, 0)

  def everywhere(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    mixed = torch.scaled_dot_product_attention(q.transpose(0, 1).unsqueeze(0), k.transpose(0, 1).unsqueeze(0), v.transpose(0, 1).unsqueeze(0))
    return mixed.squeeze(0).transpose(0, 1)

  # [blocks, heads, block, size], with zeros where the text has ended.
  def blocked(self, x: Tensor, blocks: int) -> Tensor:
    rows, heads, size = x.size()
    padded = torch.constant_pad_nd(x, [0, 0, 0, 0, 0, blocks * self.block - rows])
    return padded.view([blocks, self.block, heads, size]).transpose(1, 2)

  # What each middle block sees: [middle, heads, 5 * block, size], the parts in the order of `mask`.
  def windows(self, x: Tensor, used: int, blocks: int, middle: int) -> Tensor:
    parts = self.blocked(x, used + 1)
    first = parts.narrow(0, 0, 1).expand([middle, -1, -1, -1])
    last = parts.narrow(0, min(used, blocks - 1), 1).expand([middle, -1, -1, -1])
    around = [parts.narrow(0, i, middle) for i in range(3)]
    return torch.cat([first, around[0], around[1], around[2], last], 2)

  # Added to scores, [middle, 1, 1, 5 * block]: where the text has ended, and where a block would be seen twice, is nothing.
  def mask(self, like: Tensor, rows: int, blocks: int, middle: int) -> Tensor:
    inside = torch.arange(self.block, device=like.device)
    own = torch.arange(1, middle + 1, device=like.device).unsqueeze(1) * self.block
    first = inside.unsqueeze(0).expand([middle, -1])
    last = first + (blocks - 1) * self.block
    around = [own + (i - 1) * self.block + inside for i in range(3)]
    around[0] = torch.masked_fill(around[0], around[0] < self.block, rows)
    around[2] = torch.masked_fill(around[2], around[2] >= (blocks - 1) * self.block, rows)
    position = torch.cat([first, around[0], around[1], around[2], last], 1)
    mask = torch.zeros(position.size(), dtype=6, device=like.device)
    mask.narrow(1, 0, self.block).add_(torch.log(1 + self.repeated))
    mask = torch.masked_fill(mask, position >= rows, -inf)
    return torch.to(mask, like.dtype).view([middle, 1, 1, 5 * self.block])

class Attention:
  full : __torch__.bert.SelfAttention
  sparse : Optional[__torch__.big_bird.BlockSparse]

  # sparse: null where every token sees all
  def __init__(self, full: __torch__.bert.SelfAttention, sparse: Optional[__torch__.big_bird.BlockSparse]) -> NoneType:
    self.full = full
    self.sparse = sparse

  def apply(self, hidden: Tensor, batch: __torch__.encoder.Batch) -> Tensor:
    sparse = self.sparse
    if sparse is None:
      return self.full.apply(hidden, batch)
    q, k, v = self.full.qkv.apply(hidden)
    heads = self.full.heads
    mixed = torch.empty_like(q)
    for span in batch.spans:
      queries = span.heads(q, heads)
      keys = span.heads(k, heads)
      values = span.heads(v, heads)
      target = span.heads(mixed, heads)
      padded = span.length + span.padding
      if sparse.fits(padded):
        for text in range(span.texts):
          target.select(0, text).copy_(sparse.mix(queries.select(0, text), keys.select(0, text), values.select(0, text), padded))
      else:
        target.copy_(torch.scaled_dot_product_attention(queries.transpose(1, 2), keys.transpose(1, 2), values.transpose(1, 2)).transpose(1, 2))
    return self.full.output.apply(mixed)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  embeddings = __torch__.bert.embeddings(weights, "bert.embeddings.", epsilon)
  if integers["rescale"] == 1:
    embeddings.words = embeddings.words * torch.sqrt(embeddings.words.size(1))
  sparse : Optional[__torch__.big_bird.BlockSparse] = None
  if integers["block"] > 0:
    sparse = __torch__.big_bird.BlockSparse(integers["block"], integers["random_blocks"])
  blocks : List[__torch__.encoder.Block] = []
  for index in range(integers["layers"]):
    layer = "bert.encoder.layer.{}.".format(index)
    attention = __torch__.big_bird.Attention(__torch__.bert.attention(weights, layer + "attention.", integers["heads"]), sparse)
    blocks.append(__torch__.bert.block(weights, layer, attention, integers["activation"], epsilon))
  encoder = __torch__.encoder.Encoder(__torch__.encoder.Transformer(embeddings, blocks))
  __torch__.bert.add_heads(encoder, weights, "bert.", integers, epsilon)
  __torch__.encoder.add_pooled_heads(encoder, weights, "bert.pooler", integers, "cls.seq_relationship")
  __torch__.encoder.add_first_token_head(encoder, weights, "classifier.dense", integers["activation"], "classifier.out_proj")
  return encoder
