# Matrices [outputs, inputs] in the forms of fast kernels. What is packed lies in the model's weights beside the tensors that
# are used as they are: `name.int8` with `name.scales`, or `name.fp16`.

# A matrix as it is stored, of any number of dimensions, as [outputs, inputs].
def oriented(stored: Tensor, inputs_first: bool) -> Tensor:
  matrix = stored.flatten(1)
  return matrix.t() if inputs_first else matrix

# What 1 stands for in each output's int8 numbers, float32 [outputs]: the largest number is 127.
def scales(matrix: Tensor) -> Tensor:
  result = torch.empty([matrix.size(0)], dtype=6)
  for first in range(0, matrix.size(0), 256):
    count = min(256, matrix.size(0) - first)
    rows = matrix.narrow(0, first, count)
    largest = torch.to(torch.maximum(torch.amax(rows, [1]), torch.neg(torch.amin(rows, [1]))), 6)
    result.narrow(0, first, count).copy_(torch.clamp_min(largest / 127., 1.1754943508222875e-38))
  return result

def int8(matrix: Tensor, scales: Tensor) -> Tensor:
  result = torch.empty([matrix.size(0), matrix.size(1)], dtype=1)
  factors = torch.reciprocal(scales).unsqueeze(1)
  for first in range(0, matrix.size(0), 256):
    count = min(256, matrix.size(0) - first)
    rows = torch.mul(matrix.narrow(0, first, count), factors.narrow(0, first, count)).round_()
    result.narrow(0, first, count).copy_(torch.clamp_(rows, -127., 127.))
  return result

# The layout that oneDNN wants; no other function reads it.
def onednn(matrix: Tensor) -> Tensor:
  return ops.onednn.qlinear_prepack(matrix, [128, matrix.size(1)])

# Numbers that float16 cannot hold become its largest.
def fp16(matrix: Tensor) -> Tensor:
  return torch.to(torch.clamp(torch.to(matrix, 6), -65504., 65504.), 5).contiguous()

# int8 numbers for each row, which is divided by its largest magnitude before, so that a row does not suffer from its
# neighbours; sums are exact, and a row has the same result alone and in company.
class Int8:
  weight : Tensor
  scales : Tensor
  zeros : Tensor
  bias : Optional[Tensor]
  step : float

  # levels: the number that a row's largest magnitude becomes
  def __init__(self, weight: Tensor, scales: Tensor, bias: Optional[Tensor], levels: int) -> NoneType:
    self.weight = weight
    self.scales = scales
    self.zeros = torch.zeros([scales.size(0)], dtype=3)
    self.bias = bias
    self.step = 1. / levels

  def apply(self, x: Tensor) -> Tensor:
    if x.numel() == 0:
      return torch.zeros([x.size(0), self.scales.size(0)], dtype=x.dtype)
    largest = torch.to(torch.amax(torch.abs(x), [-1], True), 6).clamp_min_(1.1754943508222875e-38)
    rows = torch.int_repr(torch.quantize_per_tensor(torch.div(x, largest), self.step, 128, 13))
    nothing : List[Optional[number]] = []
    y = ops.onednn.qlinear_pointwise(rows, self.step, 128, self.weight, self.scales, self.zeros, None, 1., 0, 6, "none", nothing, "")
    y = y.mul_(largest)
    bias = self.bias
    if bias is not None:
      y = y.add_(bias)
    return torch.to(y, x.dtype)

class Fp16:
  packed : __torch__.torch.classes.quantized.LinearPackedParamsBase

  # weight: float16
  def __init__(self, weight: Tensor, bias: Optional[Tensor]) -> NoneType:
    offset : Optional[Tensor] = None
    if bias is not None:
      offset = torch.to(bias, 6)
    self.packed = ops.quantized.linear_prepack_fp16(torch.to(weight, 6), offset)

  def apply(self, x: Tensor) -> Tensor:
    return torch.to(ops.quantized.linear_dynamic_fp16(torch.to(x, 6), self.packed), x.dtype)
