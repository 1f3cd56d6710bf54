# RoFormer: BERT whose queries and keys, and perhaps values, are turned by their positions, neighbours together.
class RotaryEmbeddings:
  inner : __torch__.bert.Embeddings
  sines : Tensor
  cosines : Tensor

  # table: [positions, size of a head], sines before cosines
  def __init__(self, inner: __torch__.bert.Embeddings, table: Tensor) -> NoneType:
    sine, cosine = table.chunk(2, 1)
    self.inner = inner
    self.sines = torch.stack([-sine, sine], -1).flatten(-2)
    self.cosines = torch.stack([cosine, cosine], -1).flatten(-2)

  def apply(self, batch: __torch__.encoder.Batch) -> Tensor:
    batch.shared["sine"] = torch.embedding(self.sines, batch.positions).unsqueeze(1)
    batch.shared["cosine"] = torch.embedding(self.cosines, batch.positions).unsqueeze(1)
    return self.inner.apply(batch)

# The file's own table where it has one.
def table(weights: Dict[str, Tensor], integers: Dict[str, int], like: Tensor) -> Tensor:
  name = "roformer.encoder.embed_positions.weight"
  if name in weights:
    return weights[name]
  size = integers["head_size"]
  exponents = torch.arange(0, size, 2, dtype=7) / size
  angles = torch.outer(torch.arange(integers["positions"], dtype=7), 1. / torch.pow(10000., exponents))
  return torch.to(torch.cat([angles.sin(), angles.cos()], 1), like.device, like.dtype)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  inner = __torch__.bert.embeddings(weights, "roformer.embeddings.", epsilon)
  if __torch__.layers.has_projection(weights, "roformer.embeddings_project"):
    inner.projection = __torch__.layers.projection(weights, "roformer.embeddings_project")
  embeddings = __torch__.roformer.RotaryEmbeddings(inner, __torch__.roformer.table(weights, integers, inner.words))
  encoder = __torch__.encoder.Encoder(__torch__.encoder.Transformer(embeddings, __torch__.bert.blocks(weights, "roformer.", integers, epsilon)))
  __torch__.bert.add_heads(encoder, weights, "roformer.", integers, epsilon)
  __torch__.encoder.add_first_token_head(encoder, weights, "classifier.dense", integers["activation"], "classifier.out_proj")
  return encoder
