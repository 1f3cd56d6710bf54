# RWKV version 4 (Peng et al. 2023): time mixing, a mean over all positions whose weights decay, and channel mixing.
#
# The mean a of the values so far and the logarithm p of its weight are the state. A row with key k and value v changes
#   a to lerp(a, v, sigmoid(k - (p + decay))) and p to log(exp(p + decay) + exp(k)),
# and gives lerp(a, v, sigmoid(bonus + k - p)), all of which is safe for keys of any size.
class Layer:
  first_norm : Optional[__torch__.layers.Norm]
  time_norm : __torch__.layers.Norm
  time_mix : List[Tensor]
  key : __torch__.layers.Projection
  value : __torch__.layers.Projection
  receptance : __torch__.layers.Projection
  output : __torch__.layers.Projection
  decay : Tensor
  bonus : Tensor
  channel_norm : __torch__.layers.Norm
  channel_mix : List[Tensor]
  channel_key : __torch__.layers.Projection
  channel_value : __torch__.layers.Projection
  channel_receptance : __torch__.layers.Projection
  index : int
  hidden : int
  inner : int
  scale : float
  halved : bool

  def __init__(self, weights: Dict[str, Tensor], index: int, integers: Dict[str, int], epsilon: float) -> NoneType:
    prefix = "rwkv.blocks.{}.".format(index)
    time = prefix + "attention."
    channel = prefix + "feed_forward."
    first : Optional[__torch__.layers.Norm] = None
    if index == 0:
      first = __torch__.layers.layer_norm(weights, prefix + "pre_ln", epsilon)
    self.first_norm = first
    self.time_norm = __torch__.layers.layer_norm(weights, prefix + "ln1", epsilon)
    self.time_mix = [weights[time + "time_mix_" + name].view([-1]) for name in ["key", "value", "receptance"]]
    self.key = __torch__.layers.projection(weights, time + "key")
    self.value = __torch__.layers.projection(weights, time + "value")
    self.receptance = __torch__.layers.projection(weights, time + "receptance")
    self.output = __torch__.layers.projection(weights, time + "output")
    self.decay = weights[time + "time_decay"].exp().neg()
    self.bonus = weights[time + "time_first"]
    self.channel_norm = __torch__.layers.layer_norm(weights, prefix + "ln2", epsilon)
    self.channel_mix = [weights[channel + "time_mix_" + name].view([-1]) for name in ["key", "receptance"]]
    self.channel_key = __torch__.layers.projection(weights, channel + "key")
    self.channel_value = __torch__.layers.projection(weights, channel + "value")
    self.channel_receptance = __torch__.layers.projection(weights, channel + "receptance")
    self.index = index
    self.hidden = integers["hidden"]
    self.inner = integers["attention"]
    # Against overflow in half precision the stream is halved every few layers, and what is added to it with it.
    every = integers["rescale_every"]
    self.scale = 1.
    self.halved = False
    if every > 0:
      self.scale = 2. ** (-(index // every))
      self.halved = (index + 1) % every == 0

  # keys and values: float32 [rows, inner]
  def weighted_mean(self, keys: Tensor, values: Tensor, rows: __torch__.state.Rows, state: Tensor) -> Tensor:
    means = state.narrow(1, 2 * self.hidden, self.inner)
    weights = state.narrow(1, 2 * self.hidden + self.inner, self.inner)
    out = torch.empty_like(values)
    for i in range(len(rows.runs) // 4):
      cell, row, count, save = rows.runs[4 * i], rows.runs[4 * i + 1], rows.runs[4 * i + 2], rows.runs[4 * i + 3]
      k = keys.narrow(0, row, count)
      v = values.narrow(0, row, count)
      p = torch.empty([count + 1, self.inner], dtype=6, device=k.device)
      p.select(0, 0).copy_(weights.select(0, cell))
      decayed = torch.empty_like(k)
      each = p.unbind(0)
      lower = decayed.unbind(0)
      key = k.unbind(0)
      for t in range(count):
        torch.add(each[t], self.decay, out=lower[t])
        torch.logaddexp(lower[t], key[t], out=each[t + 1])
      # a = g * v + (1 - g) * a, where only the product with a waits for the row before.
      gate = torch.sub(k, decayed).sigmoid_()
      a = torch.empty_like(p)
      a.select(0, 0).copy_(means.select(0, cell))
      torch.mul(gate, v, out=a.narrow(0, 1, count))
      keep = torch.sub(decayed, k).sigmoid_().unbind(0)
      mean = a.unbind(0)
      for t in range(count):
        mean[t + 1].addcmul_(keep[t], mean[t])
      now = torch.add(k, self.bonus).sub_(p.narrow(0, 0, count)).sigmoid_()
      out.narrow(0, row, count).copy_(torch.lerp(a.narrow(0, 0, count), v, now))
      means.select(0, cell).copy_(mean[count])
      weights.select(0, cell).copy_(each[count])
      if save >= 0:
        means.select(0, save).copy_(mean[count])
        weights.select(0, save).copy_(each[count])
    if rows.singles > 0:
      k = rows.single(keys)
      v = rows.single(values)
      a = rows.read(means)
      p = rows.read(weights)
      mixed = torch.lerp(a, v, torch.add(k, self.bonus).sub_(p).sigmoid_())
      p.add_(self.decay)
      a.lerp_(v, torch.sub(k, p).sigmoid_())
      p.copy_(torch.logaddexp(p, k))
      rows.write(means, a)
      rows.write(weights, p)
      if rows.singles == rows.total:
        return mixed
      out.index_copy_(0, rows.single_rows, mixed)
    return out

  def mix_time(self, x: Tensor, rows: __torch__.state.Rows, state: Tensor) -> Tensor:
    before = rows.previous(x, state.narrow(1, 0, self.hidden))
    k = torch.to(self.key.apply(torch.lerp(before, x, self.time_mix[0])), 6)
    v = torch.to(self.value.apply(torch.lerp(before, x, self.time_mix[1])), 6)
    r = torch.sigmoid(self.receptance.apply(torch.lerp(before, x, self.time_mix[2])))
    mean = self.weighted_mean(k, v, rows, state)
    return self.output.apply(torch.to(mean.mul_(self.scale), x.dtype).mul_(r))

  def mix_channels(self, x: Tensor, rows: __torch__.state.Rows, state: Tensor) -> Tensor:
    before = rows.previous(x, state.narrow(1, self.hidden, self.hidden))
    k = torch.square(torch.relu(self.channel_key.apply(torch.lerp(before, x, self.channel_mix[0]))))
    r = torch.sigmoid(self.channel_receptance.apply(torch.lerp(before, x, self.channel_mix[1])))
    return self.channel_value.apply(k.mul_(self.scale)).mul_(r)

  def apply(self, hidden: Tensor, rows: __torch__.state.Rows, cache: __torch__.state.StateCache) -> Tensor:
    state = cache.layers[self.index]
    first = self.first_norm
    if first is not None:
      hidden = first.apply(hidden)
    hidden = hidden + self.mix_time(self.time_norm.apply(hidden), rows, state)
    hidden = hidden + self.mix_channels(self.channel_norm.apply(hidden), rows, state)
    return hidden * 0.5 if self.halved else hidden

class Model:
  embeddings : Tensor
  layers : List[__torch__.rwkv.Layer]
  norm : __torch__.layers.Norm
  output : __torch__.layers.Projection

  def __init__(self, weights: Dict[str, Tensor], integers: Dict[str, int], epsilon: float) -> NoneType:
    self.embeddings = weights["rwkv.embeddings.weight"]
    self.layers = [__torch__.rwkv.Layer(weights, index, integers, epsilon) for index in range(integers["layers"])]
    # The reference's last norm does not follow the configuration.
    self.norm = __torch__.layers.layer_norm(weights, "rwkv.ln_out", 1e-5)
    self.output = __torch__.layers.projection(weights, "rwkv.embeddings" if integers["tied"] == 1 else "head")

  def embed(self, ids: Tensor) -> Tensor:
    return torch.embedding(self.embeddings, ids)

  def forward(self, hidden: Tensor, batch: __torch__.cache.Batch, cache: __torch__.state.StateCache) -> Tensor:
    rows = __torch__.state.Rows(batch.spans, hidden.size(0), cache.device)
    for layer in self.layers:
      hidden = layer.apply(hidden, rows, cache)
    return hidden

  def head(self, hidden: Tensor) -> Tensor:
    return self.output.apply(self.norm.apply(hidden))

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.state.Decoder:
  return __torch__.rwkv.Model(weights, integers, numbers["epsilon"])
