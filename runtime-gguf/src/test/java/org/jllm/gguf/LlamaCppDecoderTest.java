package org.jllm.gguf;

import org.jllm.api.LoadOptions;
import org.jllm.generation.AbstractDecoderBackendTest;
import org.jllm.generation.DecoderBackend;

class LlamaCppDecoderTest extends AbstractDecoderBackendTest {
    @Override
    protected DecoderBackend load() {
        return new GgufLoader().loadDecoder(TestModels.float32(), LoadOptions.none(), ContextPlan.Attention.EXACT);
    }
}
