# What Java calls. For a recurrent model `Decoder` and `KvCache` stand for the classes of state.py, and
# `__torch__.architecture` for the file of the architecture, which brings
#   build(weights, integers, numbers, lists) -> Decoder
class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # A file's content as one tensor of `elements` values, mapped, not read.
  def map(self, file: str, elements: int, dtype: int) -> Tensor:
    return torch.from_file(file, False, elements, dtype=dtype)

  # One tensor of a mapped file.
  def view(self, mapped: Tensor, offset: int, shape: List[int], strides: List[int]) -> Tensor:
    return torch.as_strided(mapped, shape, strides, offset)

  # Memory of its own for a tensor that cannot be mapped.
  def allocate(self, elements: int, dtype: int) -> Tensor:
    return torch.empty([elements], dtype=dtype)

  def fill(self, target: Tensor, offset: int, values: Tensor) -> NoneType:
    target.narrow(0, offset, values.numel()).copy_(values)

  def reshape(self, x: Tensor, shape: List[int]) -> Tensor:
    return x.view(shape)

  # The tensor in the type and on the device that the engine computes with, row by row; itself where that is the case
  # already.
  def place(self, x: Tensor, device: str, dtype: int) -> Tensor:
    return torch.to(x, torch.device(device), dtype).contiguous()

  def build(self, weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
    return __torch__.architecture.build(weights, integers, numbers, lists)

  def make_cache(self, sizes: List[int], device: str, dtype: int) -> __torch__.cache.KvCache:
    return __torch__.cache.KvCache(sizes, torch.device(device), dtype)

  def reserve(self, cache: __torch__.cache.KvCache, slot: int, length: int, capacity: int) -> NoneType:
    cache.reserve(slot, length, capacity)

  def release(self, cache: __torch__.cache.KvCache, slot: int) -> NoneType:
    cache.release(slot)

  def copy(self, cache: __torch__.cache.KvCache, source: int, target: int, length: int) -> NoneType:
    cache.copy(source, target, length)

  def exchange(self, cache: __torch__.cache.KvCache, slots: List[int], sources: List[int]) -> NoneType:
    cache.exchange(slots, sources)

  # ids, positions: one per row; rows of a slot stand together. spans: four numbers for each slot of the batch, of which
  # the cache's file says what they mean. embedded: rows whose embedding is given instead of a token.
  # wanted: rows whose logits are returned, as float32 [wanted, vocabulary].
  def step(self, decoder: __torch__.decoder.Decoder, cache: __torch__.cache.KvCache, ids: List[int], positions: List[int], spans: List[int], embedded: List[int], embeddings: Tensor, wanted: List[int]) -> Tensor:
    device = cache.device
    hidden = decoder.embed(torch.tensor(ids, dtype=4, device=device))
    if len(embedded) > 0:
      rows = torch.tensor(embedded, dtype=4, device=device)
      hidden = hidden.index_copy(0, rows, torch.to(embeddings, device, cache.dtype))
    batch = __torch__.cache.Batch(torch.tensor(positions, dtype=4, device=device), spans)
    hidden = decoder.forward(hidden, batch, cache)
    if len(wanted) != len(ids):
      hidden = hidden.index_select(0, torch.tensor(wanted, dtype=4, device=device))
    if len(wanted) > 0:
      hidden = decoder.head(hidden)
    return torch.to(hidden, torch.device("cpu"), 6)
