# A matrix product with a weight [out, in], whatever form the weight is kept in.
class Projection(Interface):
  def apply(self, x: Tensor) -> Tensor:
    pass

class Dense:
  weight : Tensor
  bias : Optional[Tensor]

  def __init__(self, weight: Tensor, bias: Optional[Tensor]) -> NoneType:
    self.weight = weight
    self.bias = bias

  def apply(self, x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)

# A tensor that only some checkpoints of an architecture have.
def optional(weights: Dict[str, Tensor], name: str) -> Optional[Tensor]:
  tensor : Optional[Tensor] = None
  if name in weights:
    tensor = weights[name]
  return tensor

# The matrix `name`, in the form in which the engine has it. inputs_first: whether it is stored transposed
def product(weights: Dict[str, Tensor], name: str, bias: Optional[Tensor], inputs_first: bool) -> __torch__.layers.Projection:
  form = __torch__.packing.form(weights, name)
  if form != "":
    return __torch__.packing.packed(weights, [name], form, bias)
  return __torch__.layers.Dense(__torch__.packing.oriented(weights[name], inputs_first), bias)

# Whether `projection` will find a matrix, in any form.
def has_projection(weights: Dict[str, Tensor], name: str) -> bool:
  return name + ".weight" in weights or __torch__.packing.form(weights, name + ".weight") != ""

# The weight `name.weight` and, where the checkpoint has it, `name.bias`.
def projection(weights: Dict[str, Tensor], name: str) -> __torch__.layers.Projection:
  return __torch__.layers.product(weights, name + ".weight", __torch__.layers.optional(weights, name + ".bias"), False)

# GPT-2's Conv1D stores its weight as [in, out]: a transposed view of it does.
def transposed_projection(weights: Dict[str, Tensor], name: str) -> __torch__.layers.Projection:
  return __torch__.layers.product(weights, name + ".weight", __torch__.layers.optional(weights, name + ".bias"), True)

# Several products of the same rows.
class Projections(Interface):
  def apply(self, x: Tensor) -> List[Tensor]:
    pass

class Separate:
  each : List[__torch__.layers.Projection]

  def __init__(self, each: List[__torch__.layers.Projection]) -> NoneType:
    self.each = each

  def apply(self, x: Tensor) -> List[Tensor]:
    return [projection.apply(x) for projection in self.each]

# One matrix for all: the results are views of one product.
class Stacked:
  matrix : __torch__.layers.Projection
  sizes : List[int]

  def __init__(self, matrix: __torch__.layers.Projection, sizes: List[int]) -> NoneType:
    self.matrix = matrix
    self.sizes = sizes

  def apply(self, x: Tensor) -> List[Tensor]:
    return torch.split_with_sizes(self.matrix.apply(x), self.sizes, -1)

# The weights of some names, each with its bias where the checkpoint has one.
def projections(weights: Dict[str, Tensor], names: List[str]) -> __torch__.layers.Projections:
  matrices = [name + ".weight" for name in names]
  form = __torch__.packing.form(weights, matrices[0])
  if form == "" or matrices[1] + form in weights:
    return __torch__.layers.Separate([__torch__.layers.projection(weights, name) for name in names])
  sizes = [weights[matrix + ".scales"].size(0) for matrix in matrices]
  bias : Optional[Tensor] = None
  for name in names:
    if name + ".bias" in weights:
      bias = torch.zeros([sum(sizes)], dtype=weights[name + ".bias"].dtype)
  if bias is not None:
    parts = torch.split_with_sizes(bias, sizes)
    for i in range(len(names)):
      if names[i] + ".bias" in weights:
        parts[i].copy_(weights[names[i] + ".bias"])
  return __torch__.layers.Stacked(__torch__.packing.packed(weights, matrices, form, bias), sizes)

class Norm(Interface):
  def apply(self, x: Tensor) -> Tensor:
    pass

class RmsNorm:
  weight : Tensor
  epsilon : float

  def __init__(self, weight: Tensor, epsilon: float) -> NoneType:
    self.weight = weight
    self.epsilon = epsilon

  def apply(self, x: Tensor) -> Tensor:
    return torch.rms_norm(x, self.weight.size(), self.weight, self.epsilon)

class LayerNorm:
  weight : Optional[Tensor]
  bias : Optional[Tensor]
  epsilon : float

  def __init__(self, weight: Optional[Tensor], bias: Optional[Tensor], epsilon: float) -> NoneType:
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon

  def apply(self, x: Tensor) -> Tensor:
    return torch.layer_norm(x, [x.size(-1)], self.weight, self.bias, self.epsilon)

def rms_norm(weights: Dict[str, Tensor], name: str, epsilon: float) -> __torch__.layers.Norm:
  return __torch__.layers.RmsNorm(weights[name + ".weight"], epsilon)

# With `name.weight` and `name.bias`, each where the checkpoint has it.
def layer_norm(weights: Dict[str, Tensor], name: str, epsilon: float) -> __torch__.layers.Norm:
  return __torch__.layers.LayerNorm(__torch__.layers.optional(weights, name + ".weight"), __torch__.layers.optional(weights, name + ".bias"), epsilon)

class Mlp(Interface):
  def apply(self, x: Tensor) -> Tensor:
    pass

class PlainMlp:
  up : __torch__.layers.Projection
  down : __torch__.layers.Projection
  activation : int

  def __init__(self, up: __torch__.layers.Projection, down: __torch__.layers.Projection, activation: int) -> NoneType:
    self.up = up
    self.down = down
    self.activation = activation

  def apply(self, x: Tensor) -> Tensor:
    return self.down.apply(__torch__.layers.activate(self.up.apply(x), self.activation))

class GatedMlp:
  gate_and_up : __torch__.layers.Projections
  down : __torch__.layers.Projection
  activation : int

  def __init__(self, gate_and_up: __torch__.layers.Projections, down: __torch__.layers.Projection, activation: int) -> NoneType:
    self.gate_and_up = gate_and_up
    self.down = down
    self.activation = activation

  def apply(self, x: Tensor) -> Tensor:
    gate, up = self.gate_and_up.apply(x)
    return self.down.apply(__torch__.layers.activate(gate, self.activation) * up)

# Gated with one matrix for both: its first half of rows is `up`, the second `gate`.
class PackedMlp:
  packed : __torch__.layers.Projection
  down : __torch__.layers.Projection
  activation : int

  def __init__(self, packed: __torch__.layers.Projection, down: __torch__.layers.Projection, activation: int) -> NoneType:
    self.packed = packed
    self.down = down
    self.activation = activation

  def apply(self, x: Tensor) -> Tensor:
    up, gate = self.packed.apply(x).chunk(2, -1)
    return self.down.apply(up * __torch__.layers.activate(gate, self.activation))

# The names that Llama and its kin have.
def llama_mlp(weights: Dict[str, Tensor], prefix: str, activation: int) -> __torch__.layers.Mlp:
  gate_and_up = __torch__.layers.projections(weights, [prefix + "gate_proj", prefix + "up_proj"])
  down = __torch__.layers.projection(weights, prefix + "down_proj")
  return __torch__.layers.GatedMlp(gate_and_up, down, activation)

# The activation functions of Transformers' ACT2FN by the numbers of Activation.java.
def activate(x: Tensor, activation: int) -> Tensor:
  if activation == 0:
    return torch.silu(x)
  if activation == 1:
    return torch.gelu(x)
  if activation == 2:
    return torch.gelu(x, approximate="tanh")
  if activation == 3:
    return torch.relu(x)
  if activation == 4:
    return x * torch.sigmoid(1.702 * x)
  if activation == 5:
    return torch.square(torch.relu(x))
  return torch.tanh(x)
