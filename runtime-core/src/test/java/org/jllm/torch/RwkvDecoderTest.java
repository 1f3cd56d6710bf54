package org.jllm.torch;

import org.jllm.generation.AbstractDecoderBackendTest;
import org.jllm.generation.DecoderBackend;

class RwkvDecoderTest extends AbstractDecoderBackendTest {
    @Override
    protected DecoderBackend load() {
        return StateMemoryTest.load("rwkv4", null);
    }
}
