package org.jllm.torch;

import java.nio.file.Path;
import org.jllm.api.LoadOptions;
import org.jllm.generation.AbstractDecoderBackendTest;
import org.jllm.generation.DecoderBackend;

class TorchDecoderTest extends AbstractDecoderBackendTest {
    @Override
    protected DecoderBackend load() {
        return new TransformersLoader().loadDecoder(Path.of("src/test/resources/golden/llama_gqa"), LoadOptions.none());
    }
}
