package org.jllm.checkpoint.pickle;

import java.util.List;

/** The few classes and functions that a pickle may name, and what they make. */
public interface Constructors {
    /** Whether a class or function may be named; its name with its module, as in {@code collections.OrderedDict}. */
    boolean knows(String name);

    /**
     * The value that a known class or function makes.
     *
     * @throws PickleException if the arguments are not those that it takes
     */
    PickleValue call(String name, List<PickleValue> arguments);

    /**
     * The value that an identifier stands for, whose content is kept outside of the pickle.
     *
     * @throws PickleException if it is not known
     */
    PickleValue persistent(PickleValue id);
}
