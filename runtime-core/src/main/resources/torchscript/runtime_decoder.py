
  # For a recurrent model `Decoder` and `KvCache` stand for the classes of state.py, and `__torch__.architecture` for the
  # file of the architecture, which brings
  #   build(weights, integers, numbers, lists) -> Decoder
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
  # wanted: rows whose logits are written to the first rows of `logits`, float32 [at least wanted, vocabulary] on the CPU.
  # The final norm and the head, which `head` is, compute those rows only, and so does the last layer of a Transformer once
  # its keys and values are stored.
  def step(self, decoder: __torch__.decoder.Decoder, cache: __torch__.cache.KvCache, ids: List[int], positions: List[int], spans: List[int], embedded: List[int], embeddings: Tensor, wanted: List[int], logits: Tensor) -> NoneType:
    device = cache.device
    hidden = decoder.embed(torch.tensor(ids, dtype=4, device=device))
    if len(embedded) > 0:
      places = torch.tensor(embedded, dtype=4, device=device)
      hidden = hidden.index_copy(0, places, torch.to(embeddings, device, cache.dtype))
    rows : Optional[Tensor] = None
    if len(wanted) != len(ids):
      rows = torch.tensor(wanted, dtype=4, device=device)
    batch = __torch__.cache.Batch(torch.tensor(positions, dtype=4, device=device), spans, rows)
    hidden = decoder.forward(hidden, batch, cache)
    if len(wanted) > 0:
      if rows is not None and hidden.size(0) != len(wanted):
        hidden = hidden.index_select(0, rows)
      logits.narrow(0, 0, len(wanted)).copy_(decoder.head(hidden))
