# Weights that are not stored as they are used: quantised matrices are unpacked, the updates of adapters added. All is
# computed in float32, part by part, and rounded once, to the type of the engine.

# Numbers of `bits` bits, packed one after the other into the int32 words of each column, lowest bits first.
# words: [n * bits / 32, columns]; the result is int32 [n, columns].
def unpack(words: Tensor, bits: int) -> Tensor:
  count = 32 // bits if 32 % bits == 0 else 32
  used = count * bits // 32
  blocks = words.reshape([-1, used, words.size(1)])
  numbers : List[Tensor] = []
  for i in range(count):
    word = i * bits // 32
    shift = i * bits % 32
    inside = min(bits, 32 - shift)
    number = torch.bitwise_and(torch.bitwise_right_shift(blocks.select(1, word), shift), (1 << inside) - 1)
    if inside < bits:
      rest = torch.bitwise_and(blocks.select(1, word + 1), (1 << (bits - inside)) - 1)
      number = torch.bitwise_or(number, torch.bitwise_left_shift(rest, inside))
    numbers.append(number)
  return torch.stack(numbers, 1).reshape([-1, words.size(1)])

# groups: the group of each input. The result is [inputs, outputs] or [outputs, inputs].
def gptq(packed: Tensor, zeros: Tensor, scales: Tensor, groups: List[int], bits: int, zero_offset: int, inputs_first: bool, dtype: int) -> Tensor:
  inputs = len(groups)
  outputs = packed.size(1)
  group = torch.tensor(groups, dtype=4)
  zero = torch.bitwise_and(__torch__.weights.unpack(zeros.t(), bits).t() + zero_offset, (1 << bits) - 1)
  zero = torch.to(zero, 6)
  scale = torch.to(scales, 6)
  result = torch.empty([inputs, outputs] if inputs_first else [outputs, inputs], dtype=dtype)
  by_input = result if inputs_first else result.t()
  # 256 numbers fill whole words, whatever the bits.
  for first in range(0, inputs, 256):
    count = min(256, inputs - first)
    numbers = torch.to(__torch__.weights.unpack(packed.narrow(0, first * bits // 32, count * bits // 32), bits), 6)
    part = group.narrow(0, first, count)
    by_input.narrow(0, first, count).copy_((numbers - zero.index_select(0, part)) * scale.index_select(0, part))
  return result

# Numbers by their places in `levels`, times the magnitude of their block.
def scaled(places: Tensor, levels: Tensor, magnitudes: Tensor, block: int) -> Tensor:
  numbers = levels.index_select(0, torch.to(places, 3))
  return numbers * magnitudes.repeat_interleave(block).narrow(0, 0, numbers.numel())

# packed: two numbers a byte, the first in the high half, row by row of [outputs, inputs].
def four_bit(packed: Tensor, levels: Tensor, magnitudes: Tensor, block: int, outputs: int, inputs: int, inputs_first: bool, dtype: int) -> Tensor:
  total = outputs * inputs
  result = torch.empty([total], dtype=dtype)
  blocks = max(1, 1048576 // (2 * block)) * 2
  part = blocks * block
  for first in range(0, total, part):
    count = min(part, total - first)
    bytes = packed.narrow(0, first // 2, (count + 1) // 2)
    places = torch.stack([torch.bitwise_right_shift(bytes, 4), torch.bitwise_and(bytes, 15)], 1).view([-1])
    begin = first // block
    end = min(begin + blocks, magnitudes.numel())
    result.narrow(0, first, count).copy_(__torch__.weights.scaled(places.narrow(0, 0, count), levels, magnitudes.narrow(0, begin, end - begin), block))
  matrix = result.view([outputs, inputs])
  return matrix.t().contiguous() if inputs_first else matrix

# Rows of int8, each with a scale for its largest magnitude, 127.
def eight_bit(packed: Tensor, scales: Tensor, inputs_first: bool, dtype: int) -> Tensor:
  result = torch.empty(packed.size(), dtype=dtype)
  for first in range(0, packed.size(0), 256):
    count = min(256, packed.size(0) - first)
    rows = torch.to(packed.narrow(0, first, count), 6) * (scales.narrow(0, first, count) / 127.).unsqueeze(1)
    result.narrow(0, first, count).copy_(rows)
  return result.t().contiguous() if inputs_first else result

# Adds scale * b * a for each update to `source`, or its transpose where `transposed` is 1. The result is written to
# `target`, which may be `source` itself.
def merge(source: Tensor, target: Tensor, a: List[Tensor], b: List[Tensor], scales: List[float], transposed: List[int]) -> Tensor:
  for first in range(0, source.size(0), 256):
    count = min(256, source.size(0) - first)
    rows = torch.to(source.narrow(0, first, count), 6, copy=True)
    for i in range(len(a)):
      if transposed[i] == 1:
        rows.addmm_(torch.to(a[i].narrow(1, first, count), 6).t(), torch.to(b[i], 6).t(), alpha=scales[i])
      else:
        rows.addmm_(torch.to(b[i].narrow(0, first, count), 6), torch.to(a[i], 6), alpha=scales[i])
    target.narrow(0, first, count).copy_(rows)
  return target
