package org.jllm.torch;

import java.util.List;
import org.jllm.encoding.EncoderOutput;
import org.jspecify.annotations.Nullable;

/**
 * What some checkpoints of an encoder have and others do not: its pooler, its heads.
 *
 * @param output what it computes; null for a part that others use
 * @param key the tensor whose presence means that all are there
 * @param tensors that it is made of, the key's too
 * @param labels of its logits; empty where they have none
 */
record EncoderPart(@Nullable EncoderOutput output, String key, List<TensorSpec> tensors, List<String> labels) {
    EncoderPart {
        labels = List.copyOf(labels);
        tensors = List.copyOf(tensors);
    }
}
