package org.jllm.checkpoint;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.checkpoint.pickle.Constructors;
import org.jllm.checkpoint.pickle.PickleException;
import org.jllm.checkpoint.pickle.PickleValue;
import org.jllm.checkpoint.pickle.PickleValue.Dict;
import org.jllm.checkpoint.pickle.PickleValue.Global;
import org.jllm.checkpoint.pickle.PickleValue.Int;
import org.jllm.checkpoint.pickle.PickleValue.None;
import org.jllm.checkpoint.pickle.PickleValue.Sequence;
import org.jllm.checkpoint.pickle.PickleValue.Text;

/** What the pickle of a state_dict may name: ordered dictionaries, storages, and the functions that rebuild tensors. */
final class TensorConstructors implements Constructors {
    private static final Map<String, ElementType> STORAGES = Map.ofEntries(
            entry("torch.DoubleStorage", ElementType.F64),
            entry("torch.FloatStorage", ElementType.F32),
            entry("torch.HalfStorage", ElementType.F16),
            entry("torch.BFloat16Storage", ElementType.BF16),
            entry("torch.LongStorage", ElementType.I64),
            entry("torch.IntStorage", ElementType.I32),
            entry("torch.ShortStorage", ElementType.I16),
            entry("torch.CharStorage", ElementType.I8),
            entry("torch.ByteStorage", ElementType.U8),
            entry("torch.BoolStorage", ElementType.BOOL));

    private static final String DICTIONARY = "collections.OrderedDict";
    private static final String TENSOR = "torch._utils._rebuild_tensor";
    private static final String TENSOR_2 = "torch._utils._rebuild_tensor_v2";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final String PARAMETER_WITH_STATE = "torch._utils._rebuild_parameter_with_state";
    private static final String WITH_STATE = "torch._tensor._rebuild_from_type_v2";
    /** One list may be the argument of many calls, each of which makes something of its own. */
    private static final int MOST_PAIRS = 1_000_000;

    private static final int MOST_TENSORS = 200_000;

    private static final List<String> TYPES = List.of("torch.Tensor", "torch.nn.parameter.Parameter");
    private static final List<String> FUNCTIONS =
            List.of(DICTIONARY, TENSOR, TENSOR_2, PARAMETER, PARAMETER_WITH_STATE, WITH_STATE);

    private final Map<String, PickledStorage> storages = new HashMap<>();
    private int pairs;
    private int tensors;

    /** All storages that were referred to, each as a whole, by key. */
    Map<String, PickledStorage> storages() {
        return storages;
    }

    @Override
    public boolean knows(String name) {
        return STORAGES.containsKey(name) || FUNCTIONS.contains(name) || TYPES.contains(name);
    }

    @Override
    public PickleValue call(String name, List<PickleValue> arguments) {
        return switch (name) {
            case DICTIONARY -> dictionary(arguments);
            case TENSOR -> tensor(arguments, 4, 4);
            case TENSOR_2 -> tensor(arguments, 6, 7);
            case PARAMETER -> first(name, arguments, 3);
            case PARAMETER_WITH_STATE -> first(name, arguments, 4);
            case WITH_STATE -> withState(arguments);
            default -> throw new PickleException("is damaged: its pickle calls " + name);
        };
    }

    /** Without arguments, or from a list of pairs, as Python 2 wrote it. */
    private Dict dictionary(List<PickleValue> arguments) {
        Dict dictionary = new Dict();
        if (arguments.size() > 1) {
            throw wrong(DICTIONARY);
        }
        for (PickleValue pair : arguments.isEmpty() ? arguments : sequence(DICTIONARY, arguments.get(0))) {
            List<PickleValue> two = sequence(DICTIONARY, pair);
            if (two.size() != 2 || ++pairs > MOST_PAIRS) {
                throw wrong(DICTIONARY);
            }
            dictionary.put(two.get(0), two.get(1));
        }
        return dictionary;
    }

    /** Storage, offset, sizes and strides; then whether it learns, hooks, and marks of lazy operations. */
    private PickledTensor tensor(List<PickleValue> arguments, int least, int most) {
        if (arguments.size() < least
                || arguments.size() > most
                || !(arguments.get(0) instanceof PickledStorage storage)
                || !(arguments.get(1) instanceof Int offset)) {
            throw wrong(TENSOR_2);
        }
        if (arguments.size() == 7
                && !(arguments.get(6) instanceof None)
                && !(arguments.get(6) instanceof Dict marks && marks.entries().isEmpty())) {
            throw new PickleException(
                    "has a tensor with marks of a lazy negation or conjugation, which this version does"
                            + " not read: save it with .contiguous()");
        }
        if (++tensors > MOST_TENSORS) {
            throw new PickleException("has more than " + MOST_TENSORS + " tensors, which no model has");
        }
        return PickledTensor.of(storage, offset.value(), numbers(arguments.get(2)), numbers(arguments.get(3)));
    }

    private static PickleValue first(String name, List<PickleValue> arguments, int count) {
        if (arguments.size() != count || !(arguments.get(0) instanceof PickledTensor tensor)) {
            throw wrong(name);
        }
        return tensor;
    }

    /** A tensor with attributes of Python, which mean nothing here: function, type, arguments, state. */
    private PickleValue withState(List<PickleValue> arguments) {
        if (arguments.size() != 4
                || !(arguments.get(0) instanceof Global function)
                || !(arguments.get(1) instanceof Global type)
                || !TYPES.contains(type.name())
                || function.name().equals(WITH_STATE)) {
            throw wrong(WITH_STATE);
        }
        return call(function.name(), sequence(WITH_STATE, arguments.get(2)));
    }

    /**
     * A storage: the word {@code storage}, its type, its key, the device that it was on, its elements, and in old files
     * the part that is meant.
     */
    @Override
    public PickleValue persistent(PickleValue id) {
        List<PickleValue> parts = id instanceof Sequence sequence ? sequence.elements() : List.of();
        if (parts.size() < 5
                || parts.size() > 6
                || !(parts.get(0) instanceof Text word && word.value().equals("storage"))
                || !(parts.get(1) instanceof Global global)
                || !(parts.get(2) instanceof Text key)
                || !(parts.get(4) instanceof Int elements)) {
            throw new PickleException("is damaged: its pickle refers to something that is no storage");
        }
        ElementType type = STORAGES.get(global.name());
        if (type == null || elements.value() < 0 || elements.value() > Long.MAX_VALUE / type.bytes()) {
            throw new PickleException("is damaged: storage '" + StrictJson.bounded(key.value()) + "' has "
                    + elements.value() + " elements of " + global.name());
        }
        PickledStorage whole = new PickledStorage(type, key.value(), elements.value(), 0, elements.value());
        PickledStorage before = storages.putIfAbsent(key.value(), whole);
        if (before != null && !before.equals(whole)) {
            throw new PickleException(
                    "is damaged: storage '" + StrictJson.bounded(key.value()) + "' is of " + before.elements()
                            + " elements of " + before.type() + " and of " + elements.value() + " of " + type);
        }
        return parts.size() == 5 || parts.get(5) instanceof None
                ? whole
                : part(whole, sequence("a storage", parts.get(5)));
    }

    /** A part of a storage: a key of its own, the first element, and how many. */
    private static PickledStorage part(PickledStorage whole, List<PickleValue> part) {
        if (part.size() != 3
                || !(part.get(1) instanceof Int first)
                || !(part.get(2) instanceof Int count)
                || first.value() < 0
                || count.value() < 0
                || first.value() > whole.elements()
                || count.value() > whole.elements() - first.value()) {
            throw new PickleException("is damaged: a part of storage '" + StrictJson.bounded(whole.key())
                    + "' is not inside its elements");
        }
        return new PickledStorage(whole.type(), whole.key(), whole.elements(), first.value(), count.value());
    }

    private static List<PickleValue> sequence(String what, PickleValue value) {
        if (value instanceof Sequence sequence) {
            return sequence.elements();
        }
        throw wrong(what);
    }

    private static List<Long> numbers(PickleValue value) {
        List<PickleValue> elements = sequence(TENSOR_2, value);
        List<Long> numbers = new ArrayList<>();
        // One more than may be, which is an error later: this must not copy a list of millions for each tensor.
        for (PickleValue element : elements.subList(0, Math.min(elements.size(), PickledTensor.MOST_DIMENSIONS + 1))) {
            if (!(element instanceof Int number)) {
                throw wrong(TENSOR_2);
            }
            numbers.add(number.value());
        }
        return numbers;
    }

    private static PickleException wrong(String name) {
        return new PickleException("is damaged: its pickle calls " + name + " with arguments that it does not take");
    }
}
