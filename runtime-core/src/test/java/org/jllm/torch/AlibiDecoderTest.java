package org.jllm.torch;

import java.nio.file.Path;
import org.jllm.api.LoadOptions;
import org.jllm.generation.AbstractDecoderBackendTest;
import org.jllm.generation.DecoderBackend;

class AlibiDecoderTest extends AbstractDecoderBackendTest {
    @Override
    protected DecoderBackend load() {
        Path folder = GoldenModel.folder("mpt_alibi_odd_heads");
        return new TransformersLoader().loadDecoder(folder, LoadOptions.none());
    }
}
