# Keys and values of every open slot: one tensor [heads, capacity, size] a layer.
class KvCache:
  keys : List[List[Tensor]]
  values : List[List[Tensor]]
  layers : int
  heads : int
  size : int
  device : Device
  dtype : int

  # sizes: slots, layers, heads, size of a head
  def __init__(self, sizes: List[int], device: Device, dtype: int) -> NoneType:
    keys : List[List[Tensor]] = []
    values : List[List[Tensor]] = []
    none : List[Tensor] = []
    for slot in range(sizes[0]):
      keys.append(none)
      values.append(none)
    self.keys = keys
    self.values = values
    self.layers = sizes[1]
    self.heads = sizes[2]
    self.size = sizes[3]
    self.device = device
    self.dtype = dtype

  # Room for `capacity` positions, of which the first `length` are kept; one layer after the other, so that no more than
  # a layer is held twice.
  def grown(self, old: List[Tensor], length: int, capacity: int) -> List[Tensor]:
    tensors : List[Tensor] = []
    for layer in range(self.layers):
      tensor = torch.empty([self.heads, capacity, self.size], dtype=self.dtype, device=self.device)
      if length > 0:
        tensor.narrow(1, 0, length).copy_(old[layer].narrow(1, 0, length))
        old[layer] = tensor
      tensors.append(tensor)
    return tensors

  def reserve(self, slot: int, length: int, capacity: int) -> NoneType:
    self.keys[slot] = self.grown(self.keys[slot], length, capacity)
    self.values[slot] = self.grown(self.values[slot], length, capacity)

  def release(self, slot: int) -> NoneType:
    none : List[Tensor] = []
    self.keys[slot] = none
    self.values[slot] = none

  # The first `length` positions of a slot, for another one that has room for them.
  def copy(self, source: int, target: int, length: int) -> NoneType:
    for layer in range(self.layers):
      self.keys[target][layer].narrow(1, 0, length).copy_(self.keys[source][layer].narrow(1, 0, length))
      self.values[target][layer].narrow(1, 0, length).copy_(self.values[source][layer].narrow(1, 0, length))

  # Slot slots[i] takes what slot sources[i] held: its tensors where the source gets others, a copy where the source
  # keeps them or another slot has taken them.
  def exchange(self, slots: List[int], sources: List[int]) -> NoneType:
    keys : List[List[Tensor]] = []
    values : List[List[Tensor]] = []
    taken : List[int] = []
    for source in sources:
      k = self.keys[source]
      v = self.values[source]
      if source in taken or not source in slots:
        k = [tensor.clone() for tensor in k]
        v = [tensor.clone() for tensor in v]
      keys.append(k)
      values.append(v)
      taken.append(source)
    for i in range(len(slots)):
      self.keys[slots[i]] = keys[i]
      self.values[slots[i]] = values[i]

# The rows of one step and what the layers share of them. spans, with a KvCache: slot, first row, number of rows, first
# position.
class Batch:
  positions : Tensor
  spans : List[int]
  wanted : Optional[Tensor]
  last : bool
  masks : Dict[str, Tensor]

  # wanted: the rows whose logits are wanted; none where those of all are
  def __init__(self, positions: Tensor, spans: List[int], wanted: Optional[Tensor]) -> NoneType:
    masks : Dict[str, Tensor] = {}
    self.positions = positions
    self.spans = spans
    self.wanted = wanted
    self.last = False
    self.masks = masks

  # What goes on of the rows of a layer when its keys and values are stored: in the `last` one those that are wanted.
  def needed(self, rows: Tensor) -> Tensor:
    wanted = self.wanted
    if self.last and wanted is not None:
      return rows.index_select(0, wanted)
    return rows

  # Which of the positions first … first + count - 1 see which of begin … first + count - 1: bool [count, seen].
  # A window of 0 has no bound; a window of w sees a position and the w - 1 before it. Made once for all layers.
  def mask(self, first: int, count: int, begin: int, window: int) -> Tensor:
    name = "{} {} {} {}".format(first, count, begin, window)
    if not name in self.masks:
      device = self.positions.device
      query = torch.arange(first, first + count, dtype=4, device=device).unsqueeze(1)
      key = torch.arange(begin, first + count, dtype=4, device=device).unsqueeze(0)
      visible = key <= query
      if window > 0:
        visible = visible.logical_and(key > query - window)
      self.masks[name] = visible
    return self.masks[name]
