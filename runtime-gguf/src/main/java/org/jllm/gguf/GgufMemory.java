package org.jllm.gguf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jllm.api.LoadOptions;
import org.jllm.generation.ContextChoice;
import org.jllm.generation.MemoryNeeds;
import org.jllm.gguf.file.GgufFile;
import org.jllm.gguf.file.GgufNumber;
import org.jllm.gguf.file.GgufNumbers;
import org.jllm.gguf.file.GgufValue;

/** What a decoder on llama.cpp takes, told from the header of its file. */
final class GgufMemory {
    /** Keys and values are kept in half precision. */
    private static final int CACHE_BYTES = 2;

    private static final int LARGEST = Integer.MAX_VALUE;
    private static final int NARROW_ROWS = 6;
    private static final int WIDE_ROWS = 3;

    private GgufMemory() {}

    static MemoryNeeds of(GgufFile file, LoadOptions options) {
        int layers = number(file, "block_count");
        int width = number(file, "embedding_length");
        int trained = file.contextLength().orElse(0);
        long perPosition = cacheBytesPerPosition(file, layers, width);
        int context = ContextChoice.of(options.context(), trained, trained, perPosition);
        boolean recurrent = perPosition == 0;
        int slots = recurrent ? ContextPlan.RECURRENT_SLOTS : ContextPlan.SLOTS;
        long cells = ContextPlan.cells(
                options,
                context,
                slots,
                Math.max(1, perPosition),
                number(file, ContextPlan.ORIGINAL_CONTEXT.substring(1)));
        long inner = Math.max(width, maximum(file, "feed_forward_length"));
        long row = (NARROW_ROWS * (long) width
                        + WIDE_ROWS * inner
                        + file.vocabularySize().orElse(0))
                * Float.BYTES;
        return new MemoryNeeds(
                file.bytes(),
                0,
                recurrent ? slots * stateBytes(file, layers, width) : (cells + context) * perPosition,
                ContextPlan.BATCH_ROWS * row,
                context,
                file.quantization());
    }

    /** Keys and values of all layers; a layer without key heads keeps none. */
    static long cacheBytesPerPosition(GgufFile file, int layers, int width) {
        List<Integer> heads = numbers(file, "attention.head_count", layers);
        List<Integer> keyHeads = numbers(file, "attention.head_count_kv", layers);
        long bytes = 0;
        for (int layer = 0; layer < heads.size(); layer++) {
            long perHead = heads.get(layer) > 0 ? width / heads.get(layer) : 0;
            long size = orElse(number(file, "attention.key_length"), perHead)
                    + orElse(number(file, "attention.value_length"), perHead);
            int count = layer < keyHeads.size() ? keyHeads.get(layer) : heads.get(layer);
            bytes += count * size * CACHE_BYTES;
        }
        return bytes;
    }

    private static long stateBytes(GgufFile file, int layers, int width) {
        long inner = orElse(number(file, "ssm.inner_size"), width);
        long perLayer = inner * (number(file, "ssm.state_size") + number(file, "ssm.conv_kernel"));
        long rwkv = (long) width * (2 + number(file, "wkv.head_size"));
        return layers * Math.max(perLayer, rwkv) * Float.BYTES;
    }

    private static long orElse(long value, long otherwise) {
        return value > 0 ? value : otherwise;
    }

    private static int number(GgufFile file, String key) {
        return maximum(file, key);
    }

    private static int maximum(GgufFile file, String key) {
        return numbers(file, key, 1).stream().max(Integer::compare).orElse(0);
    }

    /** The value of a key for each layer: files write one number for all, or an array. */
    private static List<Integer> numbers(GgufFile file, String key, int layers) {
        GgufValue value = file.metadata().values().get(file.architecture() + "." + key);
        if (value instanceof GgufNumber number) {
            return Collections.nCopies(layers, bounded(number));
        }
        List<Integer> values = new ArrayList<>();
        if (value instanceof GgufNumbers array) {
            for (int i = 0; i < array.size(); i++) {
                values.add(bounded(array.get(i)));
            }
        }
        return values;
    }

    private static int bounded(GgufNumber number) {
        return (int) Math.max(0, Math.min(LARGEST, number.doubleValue()));
    }
}
