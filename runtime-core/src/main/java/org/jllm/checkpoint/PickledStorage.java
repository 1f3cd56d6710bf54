package org.jllm.checkpoint;

import org.jllm.checkpoint.pickle.PickleValue;

/**
 * A storage as a pickle names it.
 *
 * @param key what the file calls it
 * @param elements of the whole storage
 * @param first element of the part that is meant
 * @param count elements of that part
 */
record PickledStorage(ElementType type, String key, long elements, long first, long count)
        implements PickleValue.Built {
    @Override
    public String kind() {
        return "a storage";
    }
}
