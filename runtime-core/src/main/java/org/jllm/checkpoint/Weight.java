package org.jllm.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * What a checkpoint has for one weight of a model: its numbers as they are, numbers of few bits that have to be unpacked,
 * or one of these with an adapter's update to add. Immutable.
 */
public sealed interface Weight permits StoredTensor, QuantizedWeight, AdaptedWeight {
    /** Sizes of the dimensions of the whole weight, outermost first. */
    List<Long> shape();

    /** The type of its numbers, unpacked. */
    ElementType type();

    /** A file that it lies in, for errors. */
    Path file();

    /** The tensors of the checkpoint that it is made of. */
    List<StoredTensor> parts();

    /** How many numbers it has. */
    default long elements() {
        return shape().stream().reduce(1L, Math::multiplyExact);
    }

    /** Bytes that it takes in memory in its own type. */
    default long unpackedBytes() {
        return Math.multiplyExact(elements(), (long) type().bytes());
    }
}
