package org.jllm.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jllm.api.Embedding;

/** The body of a reply of {@code POST /v1/embeddings}. */
record EmbeddingReply(String object, List<Entry> data, String model, Usage usage) {
    /** @param embedding a list of numbers, or their base64 */
    record Entry(String object, int index, Object embedding) {}

    /** Tokens that the model read, special ones included. */
    record Usage(long promptTokens, long totalTokens) {}

    static EmbeddingReply of(List<Embedding> embeddings, boolean base64, String model) {
        List<Entry> data = new ArrayList<>();
        for (Embedding embedding : embeddings) {
            float[] vector = embedding.vector();
            data.add(new Entry("embedding", data.size(), base64 ? base64(vector) : vector));
        }
        long tokens = embeddings.stream().mapToLong(Embedding::tokens).sum();
        return new EmbeddingReply("list", data, model, new Usage(tokens, tokens));
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
