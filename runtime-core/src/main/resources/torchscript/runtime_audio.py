
  # `__torch__.architecture` stands for the file of the architecture, which brings
  #   build(weights, integers, numbers, lists) -> Listener
  def build(self, weights: Dict[str, Tensor], integers: Dict[str, int], numbers: Dict[str, float], lists: Dict[str, List[int]]) -> __torch__.architecture.Listener:
    return __torch__.architecture.build(weights, integers, numbers, lists)

  # samples: those of all waveforms, one after the other; lengths: how many each has. Features and last hidden states, both
  # float32 with a row for each frame, are returned.
  def listen(self, listener: __torch__.architecture.Listener, device: str, samples: Tensor, lengths: List[int]) -> List[Tensor]:
    waveforms = torch.split_with_sizes(torch.to(samples, torch.device(device), samples.dtype), lengths)
    features = [listener.features(waveform) for waveform in waveforms]
    results : List[Tensor] = []
    for rows in [torch.cat(features, 0), listener.hidden(features)]:
      results.append(torch.to(rows, torch.device("cpu"), 6).contiguous())
    return results
