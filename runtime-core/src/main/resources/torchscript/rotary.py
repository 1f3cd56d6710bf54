# Rotary position embedding (Su et al. 2021) of the first `size` values of each head. Value i turns with value i + size / 2,
# or, interleaved, with its neighbour.
class Rotary:
  frequencies : Tensor
  size : int
  factor : float
  dtype : int
  interleaved : bool
  growth : Optional[Tensor]
  growth_base : float
  growth_centre : int
  trained_length : int

  def __init__(self, size: int, theta: float, factor: float, like: Tensor) -> NoneType:
    exponents = torch.to(torch.arange(0, size, 2, dtype=4), 6) / size
    self.frequencies = torch.to(1. / torch.pow(theta, exponents), like.device)
    self.size = size
    self.factor = factor
    self.dtype = like.dtype
    self.interleaved = False
    self.growth = annotate(Optional[Tensor], None)
    self.growth_base = 1.
    self.growth_centre = 0
    self.trained_length = 0

  # XPos (Sun et al. 2022): queries grow and keys shrink with the distance of their position from `centre`.
  def grow(self, base: float, centre: int) -> NoneType:
    even = torch.to(torch.arange(0, self.size, 2, dtype=4), 6)
    self.growth = torch.to((even + 0.4 * self.size) / (1.4 * self.size), self.frequencies.device)
    self.growth_base = base
    self.growth_centre = centre

  # What the rows of a step share, computed in float32. A table for all positions would take gigabytes for the longest
  # contexts, and this is a few small operations a step.
  def at(self, positions: Tensor) -> __torch__.rotary.Rotation:
    where = torch.to(positions, 6)
    angles = torch.outer(where / self.factor, self.frequencies).unsqueeze(1)
    cosine = self.spread(angles.cos(), 1.)
    sine = self.spread(angles.sin(), -1.)
    rotation = __torch__.rotary.Rotation(self.size, self.interleaved, torch.to(cosine, self.dtype), torch.to(sine, self.dtype))
    growth = self.growth
    if growth is not None:
      power = (where - self.growth_centre) / self.growth_base
      scale = self.spread(torch.pow(growth, power.unsqueeze(1)).unsqueeze(1), 1.)
      rotation.query_cosine = torch.to(cosine * scale, self.dtype)
      rotation.query_sine = torch.to(sine * scale, self.dtype)
      rotation.key_cosine = torch.to(cosine / scale, self.dtype)
      rotation.key_sine = torch.to(sine / scale, self.dtype)
    if self.trained_length > 0:
      rotation.query_scale = torch.to(self.logarithmic(where), self.dtype)
    return rotation

  # One number for each pair to one for each value; the first of a pair takes the sign.
  def spread(self, x: Tensor, sign: float) -> Tensor:
    if self.interleaved:
      return torch.stack([x * sign, x], -1).flatten(-2)
    return torch.cat([x * sign, x], -1)

  # Queries beyond the length of the training texts are scaled by the logarithm of their position to that base.
  def logarithmic(self, where: Tensor) -> Tensor:
    return torch.clamp(torch.log(where + 1.) / torch.log(self.trained_length), 1.).unsqueeze(1).unsqueeze(1)

# The turns of the rows of one step: cosines and sines, each [rows, 1, size]; the sines carry the minus of the rotation.
class Rotation:
  size : int
  interleaved : bool
  query_cosine : Tensor
  query_sine : Tensor
  key_cosine : Tensor
  key_sine : Tensor
  query_scale : Optional[Tensor]

  def __init__(self, size: int, interleaved: bool, cosine: Tensor, sine: Tensor) -> NoneType:
    self.size = size
    self.interleaved = interleaved
    self.query_cosine = cosine
    self.query_sine = sine
    self.key_cosine = cosine
    self.key_sine = sine
    self.query_scale = annotate(Optional[Tensor], None)

  # x: [rows, heads, head_size]
  def queries(self, x: Tensor) -> Tensor:
    turned = self.turn(x, self.query_cosine, self.query_sine)
    scale = self.query_scale
    if scale is not None:
      turned = turned * scale
    return turned

  def keys(self, x: Tensor) -> Tensor:
    return self.turn(x, self.key_cosine, self.key_sine)

  def turn(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    rest = x.size(2) - self.size
    if rest == 0:
      return torch.addcmul(x * cosine, self.partners(x), sine)
    part = x.narrow(2, 0, self.size)
    turned = torch.addcmul(part * cosine, self.partners(part), sine)
    return torch.cat([turned, x.narrow(2, self.size, rest)], 2)

  def partners(self, x: Tensor) -> Tensor:
    if self.interleaved:
      return x.unflatten(2, [self.size // 2, 2]).flip([3]).flatten(2)
    return x.roll([self.size // 2], [2])
