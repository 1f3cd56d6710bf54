package org.jllm.checkpoint;

import java.util.List;
import org.jllm.checkpoint.pickle.PickleException;
import org.jllm.checkpoint.pickle.PickleValue;

/**
 * A tensor as a pickle builds it: inside its storage, which has been checked.
 *
 * @param offset in elements, from the beginning of the whole storage
 */
record PickledTensor(PickledStorage storage, long offset, List<Long> shape, List<Long> strides)
        implements PickleValue.Built {
    static final int MOST_DIMENSIONS = 16;
    /** A repeated row may make a tensor larger than its storage, but not without bound. */
    private static final long MOST_REPEATED = 1 << 24;

    static PickledTensor of(PickledStorage storage, long offset, List<Long> shape, List<Long> strides) {
        if (shape.size() != strides.size() || shape.size() > MOST_DIMENSIONS) {
            throw new PickleException("is damaged: a tensor has " + shape.size() + " sizes and " + strides.size()
                    + " strides; they must be as many, and no more than " + MOST_DIMENSIONS);
        }
        long elements = 1;
        long last = offset;
        try {
            for (int i = 0; i < shape.size(); i++) {
                if (shape.get(i) < 0 || strides.get(i) < 0) {
                    throw new PickleException(
                            "is damaged: a tensor " + cut(storage, offset, shape, strides) + " has a negative size");
                }
                elements = Math.multiplyExact(elements, shape.get(i));
                last = Math.addExact(last, Math.multiplyExact(Math.max(shape.get(i) - 1, 0), strides.get(i)));
            }
            Math.multiplyExact(elements, storage.type().bytes());
        } catch (ArithmeticException e) {
            throw new PickleException(
                    "is damaged: a tensor " + cut(storage, offset, shape, strides) + " is impossibly large");
        }
        if (offset < 0 || (elements > 0 ? last >= storage.count() : offset > storage.count())) {
            throw new PickleException("is damaged: a tensor " + cut(storage, offset, shape, strides)
                    + " is not inside its " + storage.count() + " elements");
        }
        if (elements > Math.max(storage.count(), MOST_REPEATED)) {
            throw new PickleException("has a tensor " + cut(storage, offset, shape, strides) + " that repeats its "
                    + storage.count() + " elements too often");
        }
        return new PickledTensor(storage, storage.first() + offset, shape, strides);
    }

    private static String cut(PickledStorage storage, long offset, List<Long> shape, List<Long> strides) {
        return "of shape " + StrictJson.bounded(shape.toString()) + " and strides "
                + StrictJson.bounded(strides.toString()) + " at element " + offset + " of storage '"
                + StrictJson.bounded(storage.key()) + "'";
    }

    @Override
    public String kind() {
        return "a tensor";
    }
}
