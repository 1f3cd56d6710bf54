# What Java calls to bring weights into libtorch; the methods of runtime_decoder.py or runtime_encoder.py follow.
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

  def gptq(self, packed: Tensor, zeros: Tensor, scales: Tensor, groups: List[int], bits: int, zero_offset: int, inputs_first: bool, dtype: int) -> Tensor:
    return __torch__.weights.gptq(packed, zeros, scales, groups, bits, zero_offset, inputs_first, dtype)

  def nested(self, places: Tensor, levels: Tensor, magnitudes: Tensor, block: int, offset: float) -> Tensor:
    return __torch__.weights.scaled(places.reshape([-1]), levels, magnitudes.reshape([-1]), block) + offset

  def four_bit(self, packed: Tensor, levels: Tensor, magnitudes: Tensor, block: int, outputs: int, inputs: int, inputs_first: bool, dtype: int) -> Tensor:
    return __torch__.weights.four_bit(packed, levels, magnitudes.reshape([-1]), block, outputs, inputs, inputs_first, dtype)

  def eight_bit(self, packed: Tensor, scales: Tensor, inputs_first: bool, dtype: int) -> Tensor:
    return __torch__.weights.eight_bit(packed, scales, inputs_first, dtype)

  def merge(self, source: Tensor, target: Tensor, a: List[Tensor], b: List[Tensor], scales: List[float], transposed: List[int]) -> Tensor:
    return __torch__.weights.merge(source, target, a, b, scales, transposed)

  def measured(self, stored: Tensor, inputs_first: bool) -> List[Tensor]:
    return __torch__.packing.measured(__torch__.packing.oriented(stored, inputs_first))

  def int8(self, stored: List[Tensor], inputs_first: bool, columns: Tensor, scales: List[Tensor]) -> Tensor:
    return __torch__.packing.int8([__torch__.packing.oriented(matrix, inputs_first) for matrix in stored], columns, scales)

  def onednn(self, matrix: Tensor) -> Tensor:
    return __torch__.packing.onednn(matrix)

  # What oneDNN has of a matrix in its own layout: how many bytes, and which layout.
  def packed_bytes(self, matrix: Tensor) -> int:
    return ops.mkldnn._nbytes(matrix)

  def packed_layout(self, matrix: Tensor) -> Tensor:
    return ops.mkldnn._get_mkldnn_serialized_md(matrix)

  def bf16(self, stored: Tensor, inputs_first: bool) -> Tensor:
    return __torch__.packing.bf16(__torch__.packing.oriented(stored, inputs_first))

  def fp16(self, stored: Tensor, inputs_first: bool) -> Tensor:
    return __torch__.packing.fp16(__torch__.packing.oriented(stored, inputs_first))

  def kernel_error(self, form: str) -> float:
    return __torch__.packing.error(form)

  # So many matrices that no cache of the processor holds them, to be timed with `exercise`.
  def kernels(self, form: str, outputs: int, inputs: int, count: int, dtype: int) -> List[__torch__.layers.Projection]:
    matrix = torch.randn([outputs, inputs], dtype=6)
    kernels : List[__torch__.layers.Projection] = []
    for i in range(count):
      kernels.append(__torch__.packing.example(torch.to(matrix, dtype, copy=True), form))
    return kernels

  def rows(self, rows: int, inputs: int, dtype: int) -> Tensor:
    return torch.to(torch.randn([rows, inputs], dtype=6), dtype)

  def exercise(self, kernels: List[__torch__.layers.Projection], x: Tensor) -> Tensor:
    y = x
    for kernel in kernels:
      y = kernel.apply(x)
    return y

  # Float32 numbers, to be timed with `read`.
  def numbers(self, count: int) -> Tensor:
    return torch.ones([count], dtype=6)

  # Reads all numbers once; which of the two is faster depends on the machine.
  def read(self, x: Tensor, by_product: bool) -> Tensor:
    return torch.dot(x, x) if by_product else torch.sum(x)

  # Some of the numbers, row by row.
  def part(self, x: Tensor, first: int, count: int, dtype: int) -> Tensor:
    return torch.to(x.reshape([-1]).narrow(0, first, count), dtype).contiguous()

  def like(self, x: Tensor, dtype: int) -> Tensor:
    return torch.empty(x.size(), dtype=dtype)
