package org.jllm.torch;

import org.jllm.api.LoadOptions;
import org.jllm.generation.AbstractDecoderBackendTest;
import org.jllm.generation.DecoderBackend;

/** GPT-Neo, half of whose layers have a window, too. */
class LearnedPositionsDecoderTest extends AbstractDecoderBackendTest {
    @Override
    protected DecoderBackend load() {
        return new TransformersLoader().loadDecoder(GoldenModel.folder("gptneo_local"), LoadOptions.none());
    }
}
