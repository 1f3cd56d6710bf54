# Matrices [outputs, inputs] in the forms of fast kernels. What is packed lies in a model's weights in place of the tensor `name`:
#   name.bf16    oneDNN's own layout, packed already
#   name.fp16    float16
#   name.int8    int8 numbers in oneDNN's own layout, with name.scales: what 1 stands for in each output, and name.columns: what each input has to be
#                multiplied by, both float32; no columns at all where that is 1 for all
#   name.int7    the same for a processor whose products of pairs hold 15 bits: what goes in is rounded to 7 bits
#   name.qint8   the same for the library that comes with libtorch for processors without oneDNN
# fp16 and qint8 are taken out and packed when the projection is made, so that no two copies stay. Matrices that get the same rows may
# lie below each other under the name of the first.

# The part of a tensor's name that says its form; empty: as it is stored.
def form(weights: Dict[str, Tensor], name: str) -> str:
  found = ""
  for form in [".bf16", ".fp16", ".int8", ".int7", ".qint8"]:
    if name + form in weights:
      found = form
  return found

# A matrix as it is stored, of any number of dimensions, as [outputs, inputs].
def oriented(stored: Tensor, inputs_first: bool) -> Tensor:
  matrix = stored.flatten(1)
  return matrix.t() if inputs_first else matrix

# So many outputs at once that a part of a matrix stays in the processor's cache from one pass over it to the next.
def step(matrix: Tensor) -> int:
  return max(1, 262144 // max(1, matrix.size(1)))

# Some of the outputs, in float32, in memory of their own.
def part(matrix: Tensor, columns: Tensor, first: int) -> Tensor:
  part = torch.to(matrix.narrow(0, first, min(__torch__.packing.step(matrix), matrix.size(0) - first)), 6, copy=True)
  return part if columns.numel() == 0 else part.div_(columns)

# Inputs whose numbers are all much smaller or larger than those of most inputs would be lost beside them, or they beside it. Their
# numbers are divided by these factors, and what goes in is multiplied.
def columns(largest: Tensor) -> Tensor:
  some = torch.masked_select(largest, largest > 0.)
  if some.numel() == 0:
    return torch.empty([0], dtype=6)
  factors = largest / torch.median(some)
  unusual = torch.logical_and(torch.logical_or(factors < 0.25, factors > 4.), largest > 0.)
  if bool(torch.any(unusual)):
    return torch.where(unusual, factors, torch.ones_like(factors))
  return torch.empty([0], dtype=6)

# The largest magnitude of each input and of each output.
def largest(matrix: Tensor, columns: Tensor) -> List[Tensor]:
  inputs = torch.zeros([matrix.size(1)], dtype=6)
  outputs = torch.empty([matrix.size(0)], dtype=6)
  for first in range(0, matrix.size(0), __torch__.packing.step(matrix)):
    part = __torch__.packing.part(matrix, columns, first).abs_()
    torch.maximum(inputs, torch.amax(part, [0]), out=inputs)
    outputs.narrow(0, first, part.size(0)).copy_(torch.amax(part, [1]))
  return [inputs, outputs]

# The columns and the scales of a matrix: each output's largest number becomes 127.
def measured(matrix: Tensor) -> List[Tensor]:
  inputs, outputs = __torch__.packing.largest(matrix, torch.empty([0], dtype=6))
  columns = __torch__.packing.columns(inputs)
  if columns.numel() > 0:
    outputs = __torch__.packing.largest(matrix, columns)[1]
  return [columns, torch.clamp_min(outputs / 127., 1.1754943508222875e-38)]

# Matrices below each other. To add and to take away a number whose last bit is 1 rounds what is small beside it, half to even.
def int8(matrices: List[Tensor], columns: Tensor, scales: List[Tensor]) -> Tensor:
  result = torch.empty([sum([matrix.size(0) for matrix in matrices]), matrices[0].size(1)], dtype=1)
  start = 0
  for i in range(len(matrices)):
    for first in range(0, matrices[i].size(0), __torch__.packing.step(matrices[i])):
      part = __torch__.packing.part(matrices[i], columns, first)
      part = part.div_(scales[i].narrow(0, first, part.size(0)).unsqueeze(1)).add_(12582912.).sub_(12582912.)
      result.narrow(0, start + first, part.size(0)).copy_(part)
    start = start + matrices[i].size(0)
  return result

def onednn(matrix: Tensor) -> Tensor:
  return ops.onednn.qlinear_prepack(matrix, [128, matrix.size(1)])

# Numbers that float16 cannot hold become its largest.
def fp16(matrix: Tensor) -> Tensor:
  return torch.to(torch.clamp(torch.to(matrix, 6), -65504., 65504.), 5).contiguous()

def bf16(matrix: Tensor) -> Tensor:
  return ops.mkldnn._reorder_linear_weight(torch.to(matrix, 15).contiguous(), 128)

# One projection of the matrices of some names, which are packed as one under the first.
def packed(weights: Dict[str, Tensor], names: List[str], form: str, bias: Optional[Tensor]) -> __torch__.layers.Projection:
  if form == ".bf16":
    return __torch__.packing.Bf16(weights[names[0] + form], bias)
  if form == ".fp16":
    return __torch__.packing.Fp16(weights.pop(names[0] + form), bias)
  scales = torch.cat([weights[name + ".scales"] for name in names], 0)
  columns = weights[names[0] + ".columns"]
  if form == ".qint8":
    return __torch__.packing.EngineInt8(weights.pop(names[0] + form), scales, columns, bias)
  return __torch__.packing.Int8(weights[names[0] + form], scales, columns, bias, 127 if form == ".int8" else 63)

# Products with zero rows are not the kernels' business.
def nothing(x: Tensor, outputs: int) -> Tensor:
  return torch.zeros([x.size(0), outputs], dtype=x.dtype)

# A product of x with its bias, in the type of x.
def finished(y: Tensor, bias: Optional[Tensor], x: Tensor) -> Tensor:
  if bias is not None:
    y = y.add_(bias)
  return torch.to(y, x.dtype)

# oneDNN. Each row is divided by its largest magnitude and rounded to whole numbers, so that a row does not suffer from its
# neighbours. Where a row's largest number is more than 40 times the mean, what rounding took from the row is multiplied as
# well, as a row of its own. Sums are exact, and a row has the same result alone and in company; alone it takes fewer steps.
class Int8:
  weight : Tensor
  scales : Tensor
  columns : Tensor
  zeros : Tensor
  bias : Optional[Tensor]
  levels : int

  # levels: the number that a row's largest magnitude becomes
  def __init__(self, weight: Tensor, scales: Tensor, columns: Tensor, bias: Optional[Tensor], levels: int) -> NoneType:
    self.weight = weight
    self.scales = scales
    self.columns = columns
    self.zeros = torch.zeros([scales.size(0)], dtype=3)
    self.bias = bias
    self.levels = levels

  def apply(self, x: Tensor) -> Tensor:
    if x.size(0) == 0:
      return __torch__.packing.nothing(x, self.scales.size(0))
    numbers = torch.to(x, 6, copy=True) if self.columns.numel() == 0 else torch.mul(x, self.columns)
    if x.size(0) == 1:
      least, most = torch.aminmax(numbers)
      largest = max(max(-float(least), float(most)), 1e-30)
      if float(self.usual(numbers)) >= largest:
        return __torch__.packing.finished(self.product(self.rounded(numbers.mul_(self.levels / largest))).mul_(largest), self.bias, x)
    largest = torch.amax(torch.abs(numbers), [1], True).clamp_min_(1e-30)
    spiky = torch.nonzero(self.usual(numbers) < largest.squeeze(1)).squeeze(1)
    # A number over a tensor would be a reciprocal, rounded once more than for a row alone.
    rounded = self.rounded(numbers.mul_(torch.full_like(largest, self.levels).div_(largest)))
    if spiky.size(0) == 0:
      y = self.product(rounded)
    else:
      rest = torch.sub(numbers.index_select(0, spiky), rounded.index_select(0, spiky)).sub_(0.5)
      both = self.product(torch.cat([rounded, self.rounded(rest.mul_(2. * self.levels))], 0))
      y = both.narrow(0, 0, x.size(0))
      y.index_add_(0, spiky, both.narrow(0, x.size(0), spiky.size(0)), alpha=0.5 / self.levels)
    return __torch__.packing.finished(y.mul_(largest), self.bias, x)

  # The largest number of each row that is not yet a spike: of long rows some hundred numbers tell the mean.
  def usual(self, numbers: Tensor) -> Tensor:
    some = torch.slice(numbers, 1, 0, numbers.size(1), max(1, numbers.size(1) // 256))
    return torch.linalg_vector_norm(some, 1., [1]).mul_(40. / some.size(1))

  # The conversion cuts off, so that half a step more rounds.
  def rounded(self, numbers: Tensor) -> Tensor:
    return torch.to(numbers.add_(self.levels + 1.5), 0)

  def product(self, rows: Tensor) -> Tensor:
    none : List[Optional[number]] = []
    return ops.onednn.qlinear_pointwise(rows, 1. / self.levels, self.levels + 1, self.weight, self.scales, self.zeros, None, 1., 0, 6, "none", none, "")

# The library that libtorch calls its quantised engine. It has one step for all rows, of which each has its own largest magnitude.
class EngineInt8:
  packed : __torch__.torch.classes.quantized.LinearPackedParamsBase
  columns : Tensor
  bias : Optional[Tensor]
  outputs : int

  def __init__(self, matrix: Tensor, scales: Tensor, columns: Tensor, bias: Optional[Tensor]) -> NoneType:
    zeros = torch.zeros([scales.size(0)], dtype=4)
    quantized = torch._make_per_channel_quantized_tensor(matrix, torch.to(scales, 7), zeros, 0)
    self.packed = ops.quantized.linear_prepack(quantized, None)
    self.columns = columns
    self.bias = bias
    self.outputs = scales.size(0)

  def apply(self, x: Tensor) -> Tensor:
    if x.size(0) == 0:
      return __torch__.packing.nothing(x, self.outputs)
    input = x if self.columns.numel() == 0 else torch.mul(x, self.columns)
    largest = torch.to(torch.amax(torch.abs(input), [1], True), 6).clamp_min_(1.1754943508222875e-38)
    y = ops.quantized.linear_dynamic(torch.div(input, largest), self.packed, True)
    return __torch__.packing.finished(y.mul_(largest), self.bias, x)

class Fp16:
  packed : __torch__.torch.classes.quantized.LinearPackedParamsBase
  outputs : int

  # weight: float16
  def __init__(self, weight: Tensor, bias: Optional[Tensor]) -> NoneType:
    offset : Optional[Tensor] = None
    if bias is not None:
      offset = torch.to(bias, 6)
    self.packed = ops.quantized.linear_prepack_fp16(torch.to(weight, 6), offset)
    self.outputs = weight.size(0)

  def apply(self, x: Tensor) -> Tensor:
    if x.size(0) == 0:
      return __torch__.packing.nothing(x, self.outputs)
    return torch.to(ops.quantized.linear_dynamic_fp16(torch.to(x, 6), self.packed), x.dtype)

# The numbers of a bfloat16 matrix as they are, in the order in which oneDNN reads them.
class Bf16:
  weight : Tensor
  bias : Optional[Tensor]

  def __init__(self, weight: Tensor, bias: Optional[Tensor]) -> NoneType:
    self.weight = weight
    self.bias = bias

  def apply(self, x: Tensor) -> Tensor:
    if x.size(0) == 0:
      return __torch__.packing.nothing(x, self.weight.size(0))
    none : List[Optional[number]] = []
    return ops.mkldnn._linear_pointwise(x, self.weight, self.bias, "none", none, "")

# A projection of a matrix in a form; none where the form is empty.
def example(matrix: Tensor, form: str) -> __torch__.layers.Projection:
  weights : Dict[str, Tensor] = {}
  if form == ".bf16":
    weights["x.bf16"] = __torch__.packing.bf16(matrix)
  elif form == ".fp16":
    weights["x.fp16"] = __torch__.packing.fp16(matrix)
  elif form == "":
    weights["x"] = matrix
  else:
    columns, scales = __torch__.packing.measured(matrix)
    weights["x.columns"] = columns
    weights["x.scales"] = scales
    numbers = __torch__.packing.int8([matrix], columns, [scales])
    weights["x" + form] = numbers if form == ".qint8" else __torch__.packing.onednn(numbers)
  return __torch__.layers.product(weights, "x", None, False)

# How wrong a form is at most on this processor, as a share of the largest result, where all forms could be exact: numbers at
# the ends of their range, whose sums are the first that overflow.
def error(form: str) -> float:
  signs = torch.ones([64, 256], dtype=6)
  signs.narrow(0, 32, 32).narrow(1, 0, 128).fill_(-1.)
  rows = torch.ones([3, 256], dtype=6)
  rows.select(0, 1).fill_(-1.)
  rows.select(0, 2).narrow(0, 0, 128).fill_(-200.)
  type = 15 if form == ".bf16" else 6
  found = torch.to(__torch__.packing.example(signs, form).apply(torch.to(rows, type)), 6)
  wanted = torch.linear(rows, signs, None)
  difference = torch.amax(torch.abs(found - wanted), [1]) / torch.tensor([256., 256., 25728.])
  return float(torch.max(difference))
