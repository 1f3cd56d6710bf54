# LayoutLM: BERT that adds to each token's embedding where it stands on the page.
class PlacedEmbeddings:
  inner : __torch__.bert.Embeddings
  x : Tensor
  y : Tensor
  height : Tensor
  width : Tensor

  def __init__(self, inner: __torch__.bert.Embeddings, x: Tensor, y: Tensor, height: Tensor, width: Tensor) -> NoneType:
    self.inner = inner
    self.x = x
    self.y = y
    self.height = height
    self.width = width

  def apply(self, batch: __torch__.encoder.Batch) -> Tensor:
    left, top, right, bottom = batch.extras["boxes"].view([-1, 4]).unbind(1)
    hidden = self.inner.sum(batch)
    hidden = hidden + torch.embedding(self.x, left) + torch.embedding(self.y, top)
    hidden = hidden + torch.embedding(self.x, right) + torch.embedding(self.y, bottom)
    hidden = hidden + torch.embedding(self.height, bottom - top) + torch.embedding(self.width, right - left)
    return self.inner.finish(hidden)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
  epsilon = numbers["epsilon"]
  prefix = "layoutlm.embeddings."
  inner = __torch__.bert.embeddings(weights, prefix, epsilon)
  embeddings = __torch__.layoutlm.PlacedEmbeddings(inner, weights[prefix + "x_position_embeddings.weight"], weights[prefix + "y_position_embeddings.weight"], weights[prefix + "h_position_embeddings.weight"], weights[prefix + "w_position_embeddings.weight"])
  encoder = __torch__.encoder.Encoder(__torch__.encoder.Transformer(embeddings, __torch__.bert.blocks(weights, "layoutlm.", integers, epsilon)))
  __torch__.bert.add_heads(encoder, weights, "layoutlm.", integers, epsilon)
  return encoder
