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
  if name + ".int8" in weights:
    return __torch__.packing.Int8(weights[name + ".int8"], weights[name + ".scales"], bias, 127)
  if name + ".fp16" in weights:
    return __torch__.packing.Fp16(weights.pop(name + ".fp16"), bias)
  return __torch__.layers.Dense(__torch__.packing.oriented(weights[name], inputs_first), bias)

# Whether `projection` will find a matrix, in any form.
def has_projection(weights: Dict[str, Tensor], name: str) -> bool:
  found = False
  for form in ["", ".int8", ".fp16"]:
    if name + ".weight" + form in weights:
      found = True
  return found

# The weight `name.weight` and, where the checkpoint has it, `name.bias`.
def projection(weights: Dict[str, Tensor], name: str) -> __torch__.layers.Projection:
  return __torch__.layers.product(weights, name + ".weight", __torch__.layers.optional(weights, name + ".bias"), False)

# GPT-2's Conv1D stores its weight as [in, out]: a transposed view of it does.
def transposed_projection(weights: Dict[str, Tensor], name: str) -> __torch__.layers.Projection:
  return __torch__.layers.product(weights, name + ".weight", __torch__.layers.optional(weights, name + ".bias"), True)

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
  gate : __torch__.layers.Projection
  up : __torch__.layers.Projection
  down : __torch__.layers.Projection
  activation : int

  def __init__(self, gate: __torch__.layers.Projection, up: __torch__.layers.Projection, down: __torch__.layers.Projection, activation: int) -> NoneType:
    self.gate = gate
    self.up = up
    self.down = down
    self.activation = activation

  def apply(self, x: Tensor) -> Tensor:
    gated = __torch__.layers.activate(self.gate.apply(x), self.activation) * self.up.apply(x)
    return self.down.apply(gated)

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
  gate = __torch__.layers.projection(weights, prefix + "gate_proj")
  up = __torch__.layers.projection(weights, prefix + "up_proj")
  down = __torch__.layers.projection(weights, prefix + "down_proj")
  return __torch__.layers.GatedMlp(gate, up, down, activation)

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
