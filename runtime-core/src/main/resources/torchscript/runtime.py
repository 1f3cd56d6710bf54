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
