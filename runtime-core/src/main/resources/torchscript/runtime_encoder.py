
  # `__torch__.architecture` stands for the file of the architecture, which brings
  #   build(weights, integers, numbers, lists) -> Encoder
  def build(self, weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.encoder.Encoder:
    return __torch__.architecture.build(weights, integers, numbers, lists)

  # ids, positions, types: one for each token. spans: seven numbers for each encoder.Span. extras: boxes (four numbers a
  # token) and entities where there are some. asked: rows of tokens whose logits over the vocabulary are wanted.
  # outputs: numbers of EncoderOutput.java; a float32 tensor of rows is returned for each.
  def encode(self, encoder: __torch__.encoder.Encoder, device: str, ids: List[int], positions: List[int], types: List[int], spans: List[int], extras: Dict[str, List[int]], asked: List[int], outputs: List[int]) -> List[Tensor]:
    batch = __torch__.encoder.Batch(torch.device(device), ids, positions, types, spans, extras, asked)
    hidden = encoder.body.forward(batch)
    results : List[Tensor] = []
    for output in outputs:
      rows = torch.to(encoder.output(output, hidden, batch), torch.device("cpu"), 6)
      results.append(rows.contiguous())
    return results
