package org.jllm.embedding;

import java.util.Set;
import org.jllm.api.EmbeddingInput;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderOutput;

/**
 * One way to make something of texts with an encoder. Safe for use by several threads.
 *
 * @param <R> what it makes of a text
 */
interface Recipe<R> {
    /** @throws org.jllm.api.InvalidRequestException if the text cannot be used */
    PreparedText prepare(EmbeddingInput text);

    /** What the encoder has to compute. */
    Set<EncoderOutput> outputs();

    /** @throws org.jllm.api.EngineException if the numbers are not finite */
    R finish(PreparedText text, EncodedText encoded);
}
