package org.jllm.checkpoint.pickle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pickle builds. Values may contain themselves, so nothing here walks into depth: no {@code equals}, {@code
 * hashCode} or {@code toString} looks at elements.
 */
public sealed interface PickleValue {
    /** What it is, in a word, for errors. */
    String kind();

    record None() implements PickleValue {
        static final None INSTANCE = new None();

        @Override
        public String kind() {
            return "None";
        }
    }

    record Bool(boolean value) implements PickleValue {
        static final Bool TRUE = new Bool(true);
        static final Bool FALSE = new Bool(false);

        @Override
        public String kind() {
            return value ? "True" : "False";
        }
    }

    /** A whole number of up to 64 bits. */
    record Int(long value) implements PickleValue {
        @Override
        public String kind() {
            return "the number " + value;
        }
    }

    /** A longer whole number. */
    record BigInt(BigInteger value) implements PickleValue {
        @Override
        public String kind() {
            return "a long number";
        }
    }

    record Text(String value) implements PickleValue {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** A tuple, list or set. */
    final class Sequence implements PickleValue {
        private final ArrayList<PickleValue> elements;

        Sequence(Collection<PickleValue> elements) {
            this.elements = new ArrayList<>(elements);
        }

        /** Not copied: later opcodes may add some. */
        public List<PickleValue> elements() {
            return elements;
        }

        void add(PickleValue value) {
            elements.add(value);
        }

        @Override
        public String kind() {
            return "a sequence of " + elements.size();
        }
    }

    /** A dictionary. Only entries whose keys are texts are kept: no tensor has another name. */
    final class Dict implements PickleValue {
        private final Map<String, PickleValue> entries = new LinkedHashMap<>(4);

        /** In the order in which they came. */
        public Map<String, PickleValue> entries() {
            return entries;
        }

        /** Adds an entry, or replaces the value of one. */
        public void put(PickleValue key, PickleValue value) {
            if (key instanceof Text text) {
                entries.put(text.value(), value);
            }
        }

        @Override
        public String kind() {
            return "a dictionary";
        }
    }

    /** A class or function, by module and name. */
    record Global(String name) implements PickleValue {
        @Override
        public String kind() {
            return name;
        }
    }

    /** Something that no tensor is made of: a fraction, bytes. */
    record Other(String kind) implements PickleValue {}

    /** What a constructor of the user's made. */
    non-sealed interface Built extends PickleValue {}
}
