package org.jllm.checkpoint.pickle;

import java.util.Collection;

/** A pickle that is damaged, or that asks for more than plain data. The message continues the name of the file. */
public final class PickleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean refusal;

    private PickleException(String message, boolean refusal) {
        super(message);
        this.refusal = refusal;
    }

    public PickleException(String message) {
        this(message, false);
    }

    static PickleException refused(Collection<String> names) {
        return new PickleException(
                "asks for " + String.join(", ", names)
                        + "; a state_dict of tensors needs nothing of that, so the file is refused and none of it was run:"
                        + " get the weights as safetensors or as a plain state_dict",
                true);
    }

    /** Whether the pickle is sound, but names what is not known. */
    public boolean isRefusal() {
        return refusal;
    }
}
