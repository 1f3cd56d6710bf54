# Mamba (Gu and Dao 2023): in each layer a causal convolution and a selective state space, no attention.
def norm(weights: Dict[str, Tensor], name: str, integers: Dict[str, int], epsilon: float) -> __torch__.layers.Norm:
  if integers["rms_norm"] == 1:
    return __torch__.layers.rms_norm(weights, name, epsilon)
  return __torch__.layers.layer_norm(weights, name, epsilon)

class Layer:
  norm : __torch__.layers.Norm
  input : __torch__.layers.Projection
  kernel : List[Tensor]
  kernel_bias : Tensor
  parameters : __torch__.layers.Projection
  time_step : __torch__.layers.Projection
  decay : Tensor
  skip : Tensor
  output : __torch__.layers.Projection
  index : int
  inner : int
  rank : int
  size : int
  window : int
  activation : int

  def __init__(self, weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float) -> NoneType:
    prefix = "backbone.layers.{}.".format(index)
    mixer = prefix + "mixer."
    inner = integers["inner"]
    kernel = weights[mixer + "conv1d.weight"]
    self.norm = __torch__.mamba.norm(weights, prefix + "norm", integers, epsilon)
    self.input = __torch__.layers.projection(weights, mixer + "in_proj")
    self.kernel = kernel.view([inner, -1]).t().contiguous().unbind(0)
    bias = __torch__.layers.optional(weights, mixer + "conv1d.bias")
    self.kernel_bias = torch.zeros_like(weights[mixer + "D"]) if bias is None else bias
    self.parameters = __torch__.layers.projection(weights, mixer + "x_proj")
    self.time_step = __torch__.layers.projection(weights, mixer + "dt_proj")
    self.decay = weights[mixer + "A_log"].exp().neg().t().contiguous()
    self.skip = weights[mixer + "D"]
    self.output = __torch__.layers.projection(weights, mixer + "out_proj")
    self.index = index
    self.inner = inner
    self.rank = integers["rank"]
    self.size = integers["state"]
    self.window = len(self.kernel) - 1
    self.activation = integers["activation"]

  # The convolution over x [..., window + rows, inner] in the dimension before the last.
  def convolve(self, x: Tensor, rows: int) -> Tensor:
    out = torch.addcmul(self.kernel_bias, x.narrow(-2, 0, rows), self.kernel[0])
    for i in range(self.window):
      out.addcmul_(x.narrow(-2, i + 1, rows), self.kernel[i + 1])
    return out

  # Convolution of every row over those before it; the last inputs of each slot go into its state.
  def convolution(self, x: Tensor, rows: __torch__.state.Rows, state: Tensor) -> Tensor:
    width = self.window * self.inner
    inputs = state.narrow(1, 0, width)
    out = torch.empty_like(x)
    for i in range(len(rows.runs) // 4):
      cell, row, count, save = rows.runs[4 * i], rows.runs[4 * i + 1], rows.runs[4 * i + 2], rows.runs[4 * i + 3]
      before = inputs.select(0, cell).view([self.window, self.inner])
      all = torch.cat([before, x.narrow(0, row, count)], 0)
      out.narrow(0, row, count).copy_(self.convolve(all, count))
      before.copy_(all.narrow(0, count, self.window))
      if save >= 0:
        inputs.select(0, save).copy_(inputs.select(0, cell))
    if rows.singles > 0:
      before = rows.read(inputs)
      all = torch.cat([before.view([rows.singles, self.window, self.inner]), rows.single(x).unsqueeze(1)], 1)
      rows.write(inputs, before.copy_(all.narrow(1, 1, self.window).reshape([rows.singles, width])))
      convolved = self.convolve(all, 1).squeeze(1)
      if rows.singles == rows.total:
        return convolved
      out.index_copy_(0, rows.single_rows, convolved)
    return out

  # The selective scan: h = exp(step * decay) * h + step * x * b and y = c * h for each row, with h [size, inner].
  # step and x: [rows, inner]; b and c: [rows, size]. What does not depend on h is computed for several rows at once,
  # no more than fit into the processor's cache.
  def scan(self, step: Tensor, x: Tensor, b: Tensor, c: Tensor, rows: __torch__.state.Rows, state: Tensor) -> Tensor:
    state = state.narrow(1, self.window * self.inner, self.size * self.inner)
    x = x * step
    out = torch.empty_like(x)
    most = max(1, 262144 // (self.size * self.inner))
    for i in range(len(rows.runs) // 4):
      cell, row, count, save = rows.runs[4 * i], rows.runs[4 * i + 1], rows.runs[4 * i + 2], rows.runs[4 * i + 3]
      own = state.select(0, cell).view([self.size, self.inner])
      end = row + count
      h = own
      while row < end:
        part = min(most, end - row)
        factors = torch.mul(step.narrow(0, row, part).unsqueeze(1), self.decay).exp_()
        states = torch.mul(x.narrow(0, row, part).unsqueeze(1), b.narrow(0, row, part).unsqueeze(2))
        factor = factors.unbind(0)
        each = states.unbind(0)
        for k in range(part):
          h = each[k].addcmul_(factor[k], h)
        out.narrow(0, row, part).copy_(torch.bmm(c.narrow(0, row, part).unsqueeze(1), states).squeeze(1))
        row = row + part
      own.copy_(h)
      if save >= 0:
        state.select(0, save).copy_(state.select(0, cell))
    if rows.singles > 0:
      step = rows.single(step).unsqueeze(1)
      x = rows.single(x).unsqueeze(1)
      held = rows.read(state)
      states = held.view([rows.singles, self.size, self.inner])
      states.mul_(torch.mul(step, self.decay).exp_()).addcmul_(x, rows.single(b).unsqueeze(2))
      rows.write(state, held)
      mixed = torch.bmm(rows.single(c).unsqueeze(1), states).squeeze(1)
      if rows.singles == rows.total:
        return mixed
      out.index_copy_(0, rows.single_rows, mixed)
    return out

  # hidden: [rows, hidden]; all between the projections is computed in float32.
  def apply(self, hidden: Tensor, rows: __torch__.state.Rows, cache: __torch__.state.StateCache) -> Tensor:
    state = cache.layers[self.index]
    input = torch.to(hidden, cache.dtype)
    projected = torch.to(self.input.apply(self.norm.apply(input)), 6)
    x = projected.narrow(1, 0, self.inner).contiguous()
    gate = projected.narrow(1, self.inner, self.inner)
    x = __torch__.layers.activate(self.convolution(x, rows, state), self.activation)
    parameters = self.parameters.apply(torch.to(x, cache.dtype))
    step = torch.softplus(torch.to(self.time_step.apply(parameters.narrow(1, 0, self.rank)), 6))
    b = torch.to(parameters.narrow(1, self.rank, self.size), 6)
    c = torch.to(parameters.narrow(1, self.rank + self.size, self.size), 6)
    y = self.scan(step, x, b, c, rows, state).addcmul_(x, self.skip)
    y.mul_(__torch__.layers.activate(gate, self.activation))
    return hidden + self.output.apply(torch.to(y, cache.dtype))

class Model:
  embeddings : Tensor
  layers : List[__torch__.mamba.Layer]
  norm : __torch__.layers.Norm
  output : __torch__.layers.Projection
  residual : int

  def __init__(self, weights: Dict[str, Tensor], integers: Dict[str, int], epsilon: float) -> NoneType:
    self.embeddings = weights["backbone.embeddings.weight"]
    self.layers = [__torch__.mamba.Layer(weights, index, integers, epsilon) for index in range(integers["layers"])]
    self.norm = __torch__.mamba.norm(weights, "backbone.norm_f", integers, epsilon)
    self.output = __torch__.layers.projection(weights, "backbone.embeddings" if integers["tied"] == 1 else "lm_head")
    self.residual = 6 if integers["residual_in_float32"] == 1 else self.embeddings.dtype

  def embed(self, ids: Tensor) -> Tensor:
    return torch.embedding(self.embeddings, ids)

  def forward(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.state.StateCache) -> Tensor:
    rows = __torch__.state.Rows(batch.spans, hidden.size(0), cache.device)
    hidden = torch.to(hidden, self.residual)
    for layer in self.layers:
      hidden = layer.apply(hidden, rows, cache)
    return torch.to(hidden, cache.dtype)

  def head(self, hidden: Tensor) -> Tensor:
    return self.output.apply(self.norm.apply(hidden))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.state.Decoder:
  return __torch__.mamba.Model(weights, integers, numbers["epsilon"])
