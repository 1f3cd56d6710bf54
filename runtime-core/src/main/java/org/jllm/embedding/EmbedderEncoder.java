package org.jllm.embedding;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderCapabilities;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jllm.generation.EmbeddingBackend;

/** An engine that pools vectors itself, as an encoder that gives nothing else. */
public final class EmbedderEncoder implements EncoderBackend {
    private static final int BATCH_TOKENS = 2_048;

    private final EmbeddingBackend backend;
    private final EncoderCapabilities capabilities;

    /** Takes over the engine: closing this closes it. */
    public EmbedderEncoder(EmbeddingBackend backend, int vocabularySize) {
        this.backend = backend;
        capabilities = new EncoderCapabilities(
                EnumSet.of(EncoderOutput.EMBEDDING),
                backend.embeddingSize(),
                vocabularySize,
                1,
                backend.contextLength(),
                0,
                0,
                0,
                false,
                Math.max(BATCH_TOKENS, backend.contextLength()),
                List.of(),
                null);
    }

    @Override
    public EncoderCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public List<EncodedText> encode(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        float[][] vectors = backend.embed(texts.stream().map(EncoderInput::ids).toList());
        return Stream.of(vectors)
                .map(vector -> new EncodedText(Map.of(EncoderOutput.EMBEDDING, new float[][] {vector})))
                .toList();
    }

    @Override
    public void close() {
        backend.close();
    }
}
