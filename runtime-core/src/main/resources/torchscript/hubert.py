# HuBERT: convolutions make frames of a waveform, and a Transformer reads them.

# A convolution over time, then perhaps a norm, then the activation. x: [1, channels, time]
class Convolution:
  weight : Tensor
  bias : Optional[Tensor]
  stride : int
  norm_weight : Optional[Tensor]
  norm_bias : Optional[Tensor]
  over_time : bool
  activation : int

  # over_time: the norm is over the time of each channel, instead of over the channels of each time
  def __init__(self, weights: Dict[str, Tensor], prefix: str, stride: int, over_time: bool, activation: int) -> NoneType:
    self.weight = weights[prefix + "conv.weight"]
    self.bias = __torch__.layers.optional(weights, prefix + "conv.bias")
    self.stride = stride
    self.norm_weight = __torch__.layers.optional(weights, prefix + "layer_norm.weight")
    self.norm_bias = __torch__.layers.optional(weights, prefix + "layer_norm.bias")
    self.over_time = over_time
    self.activation = activation

  def apply(self, x: Tensor) -> Tensor:
    x = torch.conv1d(x, self.weight, self.bias, [self.stride])
    weight = self.norm_weight
    if weight is not None:
      if self.over_time:
        x = torch.group_norm(x, x.size(1), weight, self.norm_bias)
      else:
        x = torch.layer_norm(x.transpose(1, 2), [x.size(1)], weight, self.norm_bias).transpose(1, 2)
    return __torch__.layers.activate(x, self.activation)

# Adds what a wide grouped convolution makes of the neighbours, in place of positions.
class PositionalConvolution:
  weight : Tensor
  bias : Tensor
  groups : int
  activation : int
  norm : Dict[str, Tensor]

  # norm: of the batch that it was trained with; empty where the weight has a norm
  def __init__(self, weight: Tensor, bias: Tensor, groups: int, activation: int) -> NoneType:
    norm : Dict[str, Tensor] = {}
    self.weight = weight
    self.bias = bias
    self.groups = groups
    self.activation = activation
    self.norm = norm

  # x: [time, hidden] of one waveform
  def apply(self, x: Tensor) -> Tensor:
    near = x.t().unsqueeze(0)
    if len(self.norm) > 0:
      norm = self.norm
      near = torch.batch_norm(near, norm["weight"], norm["bias"], norm["running_mean"], norm["running_var"], False, 0., 1e-05, False)
    half = self.weight.size(2) // 2
    near = torch.conv1d(near, self.weight, self.bias, [1], [half], [1], self.groups)
    near = near.narrow(2, 0, x.size(0))
    return x + __torch__.layers.activate(near, self.activation).squeeze(0).t()

# The weight, or, where the file has that, its direction and for each place of the kernel its length.
def positional_convolution(weights: Dict[str, Tensor], prefix: str, integers: Dict[str, int]) -> __torch__.hubert.PositionalConvolution:
  if prefix + "conv.weight" in weights:
    weight = weights[prefix + "conv.weight"]
  else:
    direction = torch.to(weights[prefix + "conv.weight_v"], 6)
    scale = torch.to(weights[prefix + "conv.weight_g"], 6) / torch.sqrt(torch.sum(torch.square(direction), [0, 1], True))
    weight = torch.to(direction * scale, weights[prefix + "conv.weight_v"].dtype)
  convolution = __torch__.hubert.PositionalConvolution(weight, weights[prefix + "conv.bias"], integers["position_groups"], integers["conv_activation"])
  if prefix + "batch_norm.weight" in weights:
    for name in ["weight", "bias", "running_mean", "running_var"]:
      convolution.norm[name] = weights[prefix + "batch_norm." + name]
  return convolution

class Listener:
  convolutions : List[__torch__.hubert.Convolution]
  feature_norm : Optional[__torch__.layers.Norm]
  projection : __torch__.layers.Projection
  positions : __torch__.hubert.PositionalConvolution
  norm : __torch__.layers.Norm
  norm_first : bool
  blocks : List[__torch__.encoder.Block]

  # norm_first: the norm of the encoder comes before its layers and not after them
  # feature_norm is set after construction where the model has it
  def __init__(self, convolutions: List[__torch__.hubert.Convolution], projection: __torch__.layers.Projection, positions: __torch__.hubert.PositionalConvolution, norm: __torch__.layers.Norm, norm_first: bool, blocks: List[__torch__.encoder.Block]) -> NoneType:
    self.convolutions = convolutions
    self.feature_norm = annotate(Optional[__torch__.layers.Norm], None)
    self.projection = projection
    self.positions = positions
    self.norm = norm
    self.norm_first = norm_first
    self.blocks = blocks

  # [samples] to [frames, channels]
  def features(self, waveform: Tensor) -> Tensor:
    x = torch.to(waveform, self.convolutions[0].weight.dtype).view([1, 1, -1])
    for convolution in self.convolutions:
      x = convolution.apply(x)
    return x.squeeze(0).t()

  # features of each waveform to the last hidden states of all, [frames, hidden]
  def hidden(self, features: List[Tensor]) -> Tensor:
    parts : List[Tensor] = []
    spans : List[int] = []
    first = 0
    for each in features:
      norm = self.feature_norm
      x = each if norm is None else norm.apply(each)
      parts.append(self.positions.apply(self.projection.apply(x)))
      spans.extend([first, 1, x.size(0), 0, 0, 0, 0])
      first = first + x.size(0)
    hidden = torch.cat(parts, 0)
    none = annotate(List[int], [])
    extras : Dict[str, List[int]] = {}
    batch = __torch__.encoder.Batch(hidden.device, none, none, none, spans, extras, none)
    if self.norm_first:
      hidden = self.norm.apply(hidden)
    for block in self.blocks:
      hidden = block.apply(hidden, batch)
    return hidden if self.norm_first else self.norm.apply(hidden)

def block(weights: Dict[str, Tensor], prefix: str, integers: Dict[str, int], epsilon: float) -> __torch__.encoder.Block:
  qkv = __torch__.layers.projections(weights, [prefix + "attention." + name for name in ["q_proj", "k_proj", "v_proj"]])
  output = __torch__.layers.projection(weights, prefix + "attention.out_proj")
  attention = __torch__.bert.SelfAttention(qkv, output, integers["heads"])
  up = __torch__.layers.projection(weights, prefix + "feed_forward.intermediate_dense")
  down = __torch__.layers.projection(weights, prefix + "feed_forward.output_dense")
  mlp = __torch__.layers.PlainMlp(up, down, integers["activation"])
  norm = __torch__.layers.layer_norm(weights, prefix + "layer_norm", epsilon)
  mlp_norm = __torch__.layers.layer_norm(weights, prefix + "final_layer_norm", epsilon)
  if integers["pre_norm"] == 1:
    return __torch__.encoder.PreNormBlock(norm, attention, mlp_norm, mlp)
  return __torch__.encoder.PostNormBlock(attention, norm, mlp, mlp_norm)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.hubert.Listener:
  epsilon = numbers["epsilon"]
  strides = lists["strides"]
  over_time = integers["norm_over_time"] == 1
  convolutions : List[__torch__.hubert.Convolution] = []
  for i in range(len(strides)):
    convolutions.append(__torch__.hubert.Convolution(weights, "hubert.feature_extractor.conv_layers.{}.".format(i), strides[i], over_time, integers["conv_activation"]))
  positions = __torch__.hubert.positional_convolution(weights, "hubert.encoder.pos_conv_embed.", integers)
  projection = __torch__.layers.projection(weights, "hubert.feature_projection.projection")
  norm = __torch__.layers.layer_norm(weights, "hubert.encoder.layer_norm", epsilon)
  blocks = [__torch__.hubert.block(weights, "hubert.encoder.layers.{}.".format(index), integers, epsilon) for index in range(integers["layers"])]
  listener = __torch__.hubert.Listener(convolutions, projection, positions, norm, integers["pre_norm"] == 0, blocks)
  if "hubert.feature_projection.layer_norm.weight" in weights:
    listener.feature_norm = __torch__.layers.layer_norm(weights, "hubert.feature_projection.layer_norm", epsilon)
  return listener
