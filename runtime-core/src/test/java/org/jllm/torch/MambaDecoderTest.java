package org.jllm.torch;

import org.jllm.generation.AbstractDecoderBackendTest;
import org.jllm.generation.DecoderBackend;

class MambaDecoderTest extends AbstractDecoderBackendTest {
    @Override
    protected DecoderBackend load() {
        return StateMemoryTest.load("mamba", null);
    }
}
