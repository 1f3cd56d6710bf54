package org.jllm.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes small graphs. */
final class TinyGraph {
    static final int FLOAT = 1;
    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int FLOAT16 = 10;

    /** Ids are below it, and a hidden state is as wide as {@link #WIDTH}. */
    static final int VOCABULARY = 11;

    static final int WIDTH = 4;

    private final ProtoWriter graph = new ProtoWriter();
    private long operators = 13;

    /** A graph that looks its ids up: what it gives for an id is its row of {@link #table}. */
    static TinyGraph lookup(int idType) {
        return new TinyGraph()
                .input("input_ids", idType, "batch", "tokens")
                .floats("words", table(VOCABULARY), VOCABULARY, WIDTH)
                .node("Gather", List.of("words", "input_ids"), List.of("states"));
    }

    /** Rows of numbers that are all different. */
    static float[] table(int rows) {
        float[] table = new float[rows * WIDTH];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) Math.sin(i + rows);
        }
        return table;
    }

    /** The row that {@link #lookup} gives for an id. */
    static float[] row(int id) {
        return Arrays.copyOfRange(table(VOCABULARY), id * WIDTH, (id + 1) * WIDTH);
    }

    TinyGraph input(String name, int type, Object... shape) {
        graph.message(11, value(name, type, shape));
        return this;
    }

    TinyGraph output(String name, int type, Object... shape) {
        graph.message(12, value(name, type, shape));
        return this;
    }

    /** Gives a tensor under the name of an output, with three dimensions that are open but for the last. */
    TinyGraph states(String from, String output) {
        return node("Identity", List.of(from), List.of(output)).output(output, FLOAT, "batch", "tokens", WIDTH);
    }

    TinyGraph floats(String name, float[] values, long... shape) {
        graph.message(5, tensor(name, shape).bytes(9, bytes(values)));
        return this;
    }

    TinyGraph external(String name, Map<String, String> location, long... shape) {
        graph.message(5, located(name, location, shape));
        return this;
    }

    private static ProtoWriter located(String name, Map<String, String> location, long... shape) {
        ProtoWriter tensor = tensor(name, shape).number(14, 1);
        location.forEach((key, value) ->
                tensor.message(13, new ProtoWriter().text(1, key).text(2, value)));
        return tensor;
    }

    TinyGraph node(String operator, List<String> inputs, List<String> outputs, ProtoWriter... attributes) {
        ProtoWriter node = new ProtoWriter();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(4, operator);
        for (ProtoWriter attribute : attributes) {
            node.message(5, attribute);
        }
        graph.message(1, node);
        return this;
    }

    static ProtoWriter whole(String name, long value) {
        return new ProtoWriter().text(1, name).number(3, value).number(20, 2);
    }

    static ProtoWriter wholes(String name, long value) {
        return new ProtoWriter().text(1, name).number(8, value).number(20, 7);
    }

    /** An attribute that is a tensor whose data lie in another file. */
    static ProtoWriter elsewhere(String name, Map<String, String> location, long... shape) {
        return new ProtoWriter()
                .text(1, name)
                .message(5, located("", location, shape))
                .number(20, 4);
    }

    TinyGraph operators(long version) {
        operators = version;
        return this;
    }

    byte[] bytes() {
        ProtoWriter named = new ProtoWriter();
        byte[] content = graph.toBytes();
        byte[] name = new ProtoWriter().text(2, "tiny").toBytes();
        byte[] whole = ByteBuffer.allocate(content.length + name.length)
                .put(content)
                .put(name)
                .array();
        return named.number(1, 7)
                .bytes(7, whole)
                .message(8, new ProtoWriter().number(2, operators))
                .toBytes();
    }

    Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes());
    }

    static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static ProtoWriter tensor(String name, long... shape) {
        ProtoWriter tensor = new ProtoWriter();
        for (long length : shape) {
            tensor.number(1, length);
        }
        return tensor.number(2, FLOAT).text(8, name);
    }

    private static ProtoWriter value(String name, int type, Object... shape) {
        ProtoWriter dimensions = new ProtoWriter();
        for (Object length : shape) {
            ProtoWriter dimension = new ProtoWriter();
            if (length instanceof Integer number) {
                dimension.number(1, number);
            } else {
                dimension.text(2, length.toString());
            }
            dimensions.message(1, dimension);
        }
        ProtoWriter tensor = new ProtoWriter().number(1, type).message(2, dimensions);
        return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
    }
}
