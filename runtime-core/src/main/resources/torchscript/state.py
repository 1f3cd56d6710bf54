# The memory of recurrent models: every slot and every saved state has a cell, a row of `zeros + lowest` numbers a layer.
# It is float32 whatever the weights' type: a state is a sum over all positions. A fresh cell holds `zeros` times 0 and
# `lowest` times the logarithm of nothing.
class StateCache:
  layers : List[Tensor]
  zeros : int
  lowest : int
  device : Device
  dtype : int

  # sizes: layers, zeros, lowest
  def __init__(self, sizes: List[int], device: Device, dtype: int) -> NoneType:
    layers : List[Tensor] = []
    for layer in range(sizes[0]):
      layers.append(torch.empty([0, sizes[1] + sizes[2]], dtype=6, device=device))
    self.layers = layers
    self.zeros = sizes[1]
    self.lowest = sizes[2]
    self.device = device
    self.dtype = dtype

  # Room for `capacity` cells, of which the first `kept` are kept; one layer after the other, so that no more than a
  # layer is held twice.
  def reserve(self, cell: int, kept: int, capacity: int) -> NoneType:
    for layer in range(len(self.layers)):
      old = self.layers[layer]
      tensor = torch.empty([capacity, old.size(1)], dtype=6, device=self.device)
      tensor.narrow(0, 0, kept).copy_(old.narrow(0, 0, kept))
      self.layers[layer] = tensor

  # The state before the first position.
  def release(self, cell: int) -> NoneType:
    for state in self.layers:
      row = state.select(0, cell)
      row.narrow(0, 0, self.zeros).fill_(0.)
      row.narrow(0, self.zeros, self.lowest).fill_(-1e38)

  def copy(self, source: int, target: int, length: int) -> NoneType:
    for state in self.layers:
      state.select(0, target).copy_(state.select(0, source))

  # Cell cells[i] takes what cell sources[i] held.
  def exchange(self, cells: List[int], sources: List[int]) -> NoneType:
    targets = torch.tensor(cells, dtype=4, device=self.device)
    origins = torch.tensor(sources, dtype=4, device=self.device)
    for state in self.layers:
      state.index_copy_(0, targets, state.index_select(0, origins))

class Decoder(Interface):
  def embed(self, ids: Tensor) -> Tensor:
    pass

  def forward(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.state.StateCache) -> Tensor:
    pass

  def head(self, hidden: Tensor) -> Tensor:
    pass

# The rows of one step in the order in which states go through them. The spans of the batch are here: cell, first row,
# number of rows, cell that the state after these rows is saved to or -1; a slot may have several, one after the other.
# First come the `runs` of several rows, then the last rows of slots, all together.
class Rows:
  runs : List[int]
  single_cells : Tensor
  single_rows : Tensor
  singles : int
  total : int
  # The first of the cells of single rows if they follow each other, else -1.
  first_cell : int
  # Of each slot its cell, its first and its last row; rows after which the state is saved, and the cells for that.
  cells : Tensor
  first_rows : Tensor
  last_rows : Tensor
  saved_rows : Tensor
  saved_cells : Tensor

  def __init__(self, spans: List[int], total: int, device: Device) -> NoneType:
    runs : List[int] = []
    single_cells : List[int] = []
    single_rows : List[int] = []
    cells : List[int] = []
    first_rows : List[int] = []
    last_rows : List[int] = []
    saved_rows : List[int] = []
    saved_cells : List[int] = []
    consecutive = True
    for i in range(len(spans) // 4):
      cell = spans[4 * i]
      row = spans[4 * i + 1]
      count = spans[4 * i + 2]
      save = spans[4 * i + 3]
      if len(cells) > 0 and cells[-1] == cell:
        last_rows[-1] = row + count - 1
      else:
        cells.append(cell)
        first_rows.append(row)
        last_rows.append(row + count - 1)
      if save >= 0:
        saved_rows.append(row + count - 1)
        saved_cells.append(save)
      if count == 1 and save < 0:
        consecutive = consecutive and (len(single_cells) == 0 or single_cells[-1] + 1 == cell)
        single_cells.append(cell)
        single_rows.append(row)
      else:
        runs.extend(spans[4 * i:4 * i + 4])
    self.runs = runs
    self.single_cells = torch.tensor(single_cells, dtype=4, device=device)
    self.single_rows = torch.tensor(single_rows, dtype=4, device=device)
    self.singles = len(single_cells)
    self.total = total
    self.first_cell = single_cells[0] if consecutive and len(single_cells) > 0 else -1
    self.cells = torch.tensor(cells, dtype=4, device=device)
    self.first_rows = torch.tensor(first_rows, dtype=4, device=device)
    self.last_rows = torch.tensor(last_rows, dtype=4, device=device)
    self.saved_rows = torch.tensor(saved_rows, dtype=4, device=device)
    self.saved_cells = torch.tensor(saved_cells, dtype=4, device=device)

  # The states of the single rows, [singles, numbers]: the cache itself where the cells follow each other, else a copy.
  def read(self, state: Tensor) -> Tensor:
    if self.first_cell >= 0:
      return state.narrow(0, self.first_cell, self.singles)
    return state.index_select(0, self.single_cells)

  # Puts back what read() gave.
  def write(self, state: Tensor, values: Tensor) -> NoneType:
    if self.first_cell < 0:
      state.index_copy_(0, self.single_cells, values)

  # The single rows of x.
  def single(self, x: Tensor) -> Tensor:
    return x if self.singles == self.total else x.index_select(0, self.single_rows)

  # Each row's predecessor, which for the first row of a slot is in its state; x takes its place there.
  # x: [rows, numbers]; state: [cells, numbers]
  def previous(self, x: Tensor, state: Tensor) -> Tensor:
    before = torch.to(state.index_select(0, self.cells), x.dtype)
    if self.total > self.cells.size(0):
      rows = torch.roll(x, [1], [0])
      before = rows.index_copy_(0, self.first_rows, before)
    state.index_copy_(0, self.cells, torch.to(x.index_select(0, self.last_rows), 6))
    if self.saved_rows.size(0) > 0:
      state.index_copy_(0, self.saved_cells, torch.to(x.index_select(0, self.saved_rows), 6))
    return before
