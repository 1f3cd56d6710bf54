package org.jllm.checkpoint.pickle;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jllm.checkpoint.pickle.PickleValue.Dict;
import org.jllm.checkpoint.pickle.PickleValue.Global;
import org.jllm.checkpoint.pickle.PickleValue.Other;
import org.jllm.checkpoint.pickle.PickleValue.Sequence;
import org.jllm.checkpoint.pickle.PickleValue.Text;

/**
 * Runs the opcodes of one pickle, protocols 0 to 5. Nothing is imported or called but what the given {@link Constructors}
 * know; the others are noted while the rest is read, so that an error can list them all. Opcodes:
 * <a href="https://github.com/python/cpython/blob/3.13/Lib/pickletools.py">pickletools</a>.
 */
public final class PickleReader {
    private static final int MOST_REFUSED = 10;
    private static final Other REFUSED = new Other("a value of a refused class");

    private final PickleInput in;
    private final Constructors constructors;
    private final PickleStack stack = new PickleStack();
    private final Set<String> refused = new LinkedHashSet<>();

    private PickleReader(PickleInput in, Constructors constructors) {
        this.in = in;
        this.constructors = constructors;
    }

    /**
     * The value of the pickle that comes next.
     *
     * @throws PickleException if it is damaged, or asks for anything but data
     */
    public static PickleValue read(PickleInput in, Constructors constructors) throws IOException {
        PickleReader reader = new PickleReader(in, constructors);
        try {
            PickleValue value = reader.run();
            if (!reader.refused.isEmpty()) {
                throw PickleException.refused(reader.refused);
            }
            return value;
        } catch (PickleException e) {
            if (!reader.refused.isEmpty() && !e.isRefusal()) {
                // What it wanted says more than where it then broke.
                throw PickleException.refused(reader.refused);
            }
            throw e;
        }
    }

    private PickleValue run() throws IOException {
        while (true) {
            int opcode = in.unsignedByte();
            if (opcode == '.') {
                return stack.pop();
            }
            if (!scalar(opcode) && !container(opcode) && !memory(opcode) && !object(opcode)) {
                throw new PickleException("is damaged: 0x" + Integer.toHexString(opcode) + " at byte "
                        + (in.position() - 1) + " of its pickle is no opcode that weights need");
            }
        }
    }

    /** Numbers and texts. */
    private boolean scalar(int opcode) throws IOException {
        switch (opcode) {
            case 'N' -> stack.push(PickleValue.None.INSTANCE);
            case 0x88 -> stack.push(PickleValue.Bool.TRUE);
            case 0x89 -> stack.push(PickleValue.Bool.FALSE);
            case 'K' -> number(in.number(1));
            case 'M' -> number(in.number(2));
            case 'J' -> number(in.signed32());
            case 0x8a -> stack.push(Numbers.of(in.bytes(in.number(1))));
            case 0x8b -> stack.push(Numbers.of(in.bytes(in.signed32())));
            case 'I', 'L' -> stack.push(Numbers.of(in.line(), in.position()));
            case 'F' -> {
                in.line();
                stack.push(new Other("a fraction"));
            }
            case 'G' -> skip(8, "a fraction");
            case 'S' -> stack.push(new Text(unquoted(in.line())));
            case 'V' -> stack.push(new Text(in.line()));
            case 'X', 'T' -> text(in.number(4));
            case 'U', 0x8c -> text(in.number(1));
            case 0x8d -> text(in.number(8));
            case 'B' -> skip(in.number(4), "bytes");
            case 'C' -> skip(in.number(1), "bytes");
            case 0x8e, 0x96 -> skip(in.number(8), "bytes");
            default -> {
                return false;
            }
        }
        return true;
    }

    private void number(long value) {
        stack.push(new PickleValue.Int(value));
    }

    private void text(long bytes) throws IOException {
        stack.push(new Text(in.text(bytes)));
    }

    private void skip(long bytes, String kind) throws IOException {
        in.skip(bytes);
        stack.push(new Other(kind));
    }

    private static String unquoted(String line) {
        return line.length() >= 2 ? line.substring(1, line.length() - 1) : line;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case ')', ']', 0x8f -> sequence(List.of());
            case 0x85 -> sequence(stack.pop(1));
            case 0x86 -> sequence(stack.pop(2));
            case 0x87 -> sequence(stack.pop(3));
            case 't', 'l', 0x91 -> sequence(stack.popToMark());
            case '}' -> stack.push(new Dict());
            case 'd' -> {
                List<PickleValue> pairs = stack.popToMark();
                stack.push(new Dict());
                setItems(pairs);
            }
            case 'a' -> append(stack.pop(1));
            case 'e', 0x90 -> append(stack.popToMark());
            case 's' -> setItems(stack.pop(2));
            case 'u' -> setItems(stack.popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void sequence(List<PickleValue> elements) {
        stack.push(new Sequence(elements));
    }

    private void append(List<PickleValue> elements) {
        PickleValue target = stack.top();
        if (target instanceof Sequence sequence) {
            elements.forEach(sequence::add);
        } else if (target != REFUSED) {
            throw new PickleException("is damaged: its pickle appends to " + target.kind());
        }
    }

    private void setItems(List<PickleValue> pairs) {
        PickleValue target = stack.top();
        if (pairs.size() % 2 != 0) {
            throw new PickleException("is damaged: its pickle has a key without a value");
        }
        if (target instanceof Dict dict) {
            for (int i = 0; i < pairs.size(); i += 2) {
                dict.put(pairs.get(i), pairs.get(i + 1));
            }
        } else if (target != REFUSED) {
            throw new PickleException("is damaged: its pickle sets items of " + target.kind());
        }
    }

    /** The stack itself, values kept by number, and what frames the rest. */
    private boolean memory(int opcode) throws IOException {
        switch (opcode) {
            case '(' -> stack.mark();
            case '0' -> stack.pop();
            case '1' -> stack.popToMark();
            case '2' -> stack.push(stack.top());
            case 'q' -> stack.keep(in.number(1));
            case 'r' -> stack.keep(in.number(4));
            case 'p' -> stack.keep(Numbers.index(in.line(), in.position()));
            case 0x94 -> stack.keepAsNext();
            case 'h' -> stack.recall(in.number(1));
            case 'j' -> stack.recall(in.number(4));
            case 'g' -> stack.recall(Numbers.index(in.line(), in.position()));
            case 0x95 -> in.number(8);
            case 0x80 -> {
                int protocol = in.unsignedByte();
                if (protocol > 5) {
                    throw new PickleException("has a pickle of protocol " + protocol + "; known are 0 to 5");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Classes, functions and what they make. */
    private boolean object(int opcode) throws IOException {
        switch (opcode) {
            case 'c' -> global(in.line(), in.line());
            case 0x93 -> {
                List<PickleValue> names = stack.pop(2);
                global(plain(names.get(0)), plain(names.get(1)));
            }
            case 'R', 0x81 -> {
                List<PickleValue> call = stack.pop(2);
                call(call.get(0), call.get(1));
            }
            case 0x92 -> {
                List<PickleValue> call = stack.pop(3);
                call(call.get(0), call.get(1));
            }
            case 'i' -> {
                global(in.line(), in.line());
                PickleValue function = stack.pop();
                call(function, new Sequence(stack.popToMark()));
            }
            case 'o' -> {
                List<PickleValue> call = stack.popToMark();
                if (call.isEmpty()) {
                    throw new PickleException("is damaged: its pickle makes an object of no class");
                }
                call(call.get(0), new Sequence(call.subList(1, call.size())));
            }
            // The state of an object: of a state_dict it is _metadata, the versions of modules.
            case 'b' -> stack.pop();
            case 'Q' -> stack.push(persistent(stack.pop()));
            case 'P' -> stack.push(persistent(new Text(in.line())));
            case 0x82 -> extension(in.number(1));
            case 0x83 -> extension(in.number(2));
            case 0x84 -> extension(in.number(4));
            default -> {
                return false;
            }
        }
        return true;
    }

    private PickleValue persistent(PickleValue id) {
        // What a refused class left in it is told at the end.
        return refused.isEmpty() ? constructors.persistent(id) : REFUSED;
    }

    private static String plain(PickleValue name) {
        if (name instanceof Text text) {
            return text.value();
        }
        throw new PickleException("is damaged: its pickle names a class by " + name.kind());
    }

    private void global(String module, String name) {
        String whole = module + '.' + name;
        if (constructors.knows(whole)) {
            stack.push(new Global(whole));
        } else {
            refuse(whole);
        }
    }

    private void extension(long code) {
        refuse("extension " + code + " of copyreg");
    }

    private void refuse(String name) {
        if (refused.size() < MOST_REFUSED) {
            refused.add(name.length() > 100 ? name.substring(0, 100) + "…" : name);
        }
        stack.push(REFUSED);
    }

    private void call(PickleValue function, PickleValue arguments) {
        if (!refused.isEmpty()) {
            stack.push(REFUSED);
        } else if (function instanceof Global global && arguments instanceof Sequence sequence) {
            stack.push(constructors.call(global.name(), sequence.elements()));
        } else {
            throw new PickleException("is damaged: its pickle calls " + function.kind());
        }
    }
}
