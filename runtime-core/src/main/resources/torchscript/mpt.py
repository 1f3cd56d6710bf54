# MPT: positions by linear biases of the attention, LayerNorm without bias, one matrix for queries, keys and values, a plain MLP.
def block(weights: Dict[str, Tensor], index: int, integers: Dict[str, int], numbers: Dict[str, float], alibi: __torch__.attention.Alibi) -> __torch__.decoder.Block:
  prefix = "transformer.blocks.{}.".format(index)
  heads = __torch__.attention.FusedHeads(__torch__.layers.projection(weights, prefix + "attn.Wqkv"), integers["heads"], False)
  heads.clip = numbers["clip"]
  attention = __torch__.attention.Attention(heads, __torch__.layers.projection(weights, prefix + "attn.out_proj"), index)
  attention.alibi = alibi
  attention.scale = numbers["scale"]
  norm = __torch__.layers.layer_norm(weights, prefix + "norm_1", numbers["epsilon"])
  mlp_norm = __torch__.layers.layer_norm(weights, prefix + "norm_2", numbers["epsilon"])
  up = __torch__.layers.projection(weights, prefix + "ffn.up_proj")
  down = __torch__.layers.projection(weights, prefix + "ffn.down_proj")
  return __torch__.decoder.SerialBlock(norm, attention, mlp_norm, __torch__.layers.PlainMlp(up, down, integers["activation"]))

# Powers of 2 from just below 1 down to 2 ** -8. Where the heads are no power of two, every second one of the next power's
# slopes comes first, then those between them.
def slopes(heads: int, like: Tensor) -> Tensor:
  power = 1
  while power < heads:
    power = power * 2
  slopes = torch.pow(2., torch.arange(1, power + 1, dtype=6, device=like.device) * (-8. / power))
  if power == heads:
    return slopes
  return torch.cat([slopes[1::2], slopes[::2]]).narrow(0, 0, heads)

def build(weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.decoder.Decoder:
  embeddings = weights["transformer.wte.weight"]
  alibi = __torch__.attention.Alibi(__torch__.mpt.slopes(integers["heads"], embeddings), integers["context"], integers["rows"])
  blocks = [__torch__.mpt.block(weights, index, integers, numbers, alibi) for index in range(integers["layers"])]
  norm = __torch__.layers.layer_norm(weights, "transformer.norm_f", numbers["epsilon"])
  output = __torch__.layers.projection(weights, "transformer.wte" if integers["tied"] == 1 else "lm_head")
  return __torch__.decoder.Transformer(embeddings, blocks, norm, output)
