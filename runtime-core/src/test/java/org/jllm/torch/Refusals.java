package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jllm.api.JllmException;
import org.jllm.checkpoint.ElementType;

/** What is expected of files that make no sense, and ways to spoil files. */
final class Refusals {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] NASTY = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1",
        "3",
        "7",
        "1e300",
        "-1e300",
        "NaN",
        "Infinity",
        "99999999999999999999",
        "\"\"",
        "\"x\"",
        "\"a\\nb\"",
        "\"((a+)+)+$\"",
        "\"(\"",
        "[]",
        "[0]",
        "[\"q_proj\"]",
        "[[]]",
        "{}",
        "{\"a\": 1}",
        "{\"(\": 2}",
        "2.5",
        "\"fp4\"",
        "\"gptq_v2\"",
        "2147483647",
        "16777216",
        "\"all-linear\""
    };

    private Refusals() {}

    static void assertRefused(ThrowingCallable loading, String... parts) {
        Throwable error = catchThrowable(loading);
        assertThat(error).isInstanceOf(JllmException.class);
        assertThat(error.getMessage()).contains(parts);
        assertOneLine(error);
    }

    /** @return whether it was refused; else it worked */
    static boolean isRefusedOrWorks(ThrowingCallable loading, String what) {
        Throwable error = catchThrowable(loading);
        if (error == null) {
            return false;
        }
        assertThat(error).as(what).isInstanceOf(JllmException.class);
        assertThat(error.getMessage()).as(what).doesNotContain("libtorch failed");
        assertOneLine(error);
        return true;
    }

    private static void assertOneLine(Throwable error) {
        assertThat(error.getMessage()).hasSizeLessThan(1_500).doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
    }

    /** The object with one field removed, or set to something else. */
    static String spoiled(String object, Random random) {
        try {
            ObjectNode node = (ObjectNode) JSON.readTree(object);
            List<String> fields = new ArrayList<>();
            node.fieldNames().forEachRemaining(fields::add);
            String field = fields.get(random.nextInt(fields.size()));
            if (random.nextInt(8) == 0) {
                node.remove(field);
            } else {
                node.putRawValue(field, new RawValue(NASTY[random.nextInt(NASTY.length)]));
            }
            return node.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes one of the tensors, or gives it another type, shape, content or name. */
    static String spoil(TinyFile file, List<String> names, Random random) {
        String name = names.get(random.nextInt(names.size()));
        var old = file.announced(name);
        long[] shape = old.shape().stream().mapToLong(Long::longValue).toArray();
        int change = random.nextInt(6);
        switch (change) {
            case 0 -> file.remove(name);
            case 1 -> file.raw(name, ElementType.U8, noise(random, 7), 7);
            case 2 -> {
                ElementType type = ElementType.values()[random.nextInt(ElementType.values().length)];
                file.raw(name, type, noise(random, TinyModel.count(old.shape()) * type.bytes()), shape);
            }
            case 3 -> {
                long[] other = shape.length == 0 ? new long[] {2} : shape.clone();
                other[random.nextInt(other.length)] = random.nextInt(3) * 32;
                int count = (int) Arrays.stream(other).reduce(1, (a, b) -> a * b);
                file.raw(name, old.type(), noise(random, count * old.type().bytes()), other);
            }
            case 4 ->
                file.raw(
                        name,
                        old.type(),
                        noise(random, TinyModel.count(old.shape()) * old.type().bytes()),
                        shape);
            default -> {
                file.raw(
                        name + "x",
                        old.type(),
                        noise(random, TinyModel.count(old.shape()) * old.type().bytes()),
                        shape);
                file.remove(name);
            }
        }
        return name + " change " + change;
    }

    private static byte[] noise(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
