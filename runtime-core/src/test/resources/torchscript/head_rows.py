# A decoder without blocks whose logits are the number of rows that its final norm was given, and that its head was given.
# The greatest of no numbers is an error: neither can be called for nothing.
class CountingNorm:
  size : int

  def __init__(self, size: int) -> NoneType:
    self.size = size

  def apply(self, x: Tensor) -> Tensor:
    return x - x.max() + x.size(0)

class CountingHead:
  size : int

  def __init__(self, size: int) -> NoneType:
    self.size = size

  def apply(self, x: Tensor) -> Tensor:
    return torch.cat([x, x - x.max() + x.size(0)], 1)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  blocks : List[__torch__.decoder.Block] = []
  return __torch__.decoder.Transformer(weights["embeddings"], blocks, __torch__.head_rows.CountingNorm(1), __torch__.head_rows.CountingHead(1))
