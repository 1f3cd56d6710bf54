package org.jllm.gguf.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.jllm.gguf.file.GgufBytes.file;
import static org.jllm.gguf.file.GgufBytes.header;
import static org.jllm.gguf.file.GgufBytes.key;
import static org.jllm.gguf.file.GgufBytes.pair;
import static org.jllm.gguf.file.GgufBytes.pairs;
import static org.jllm.gguf.file.GgufBytes.start;
import static org.jllm.gguf.file.GgufBytes.tensor;
import static org.jllm.gguf.file.GgufBytes.tensors;
import static org.jllm.gguf.file.GgufBytes.texts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedGgufTest {
    private static final int F32 = GgmlType.F32.id();
    private static final int F16 = GgmlType.F16.id();
    private static final int Q8_0 = GgmlType.Q8_0.id();
    private static final int Q4_K = GgmlType.Q4_K.id();

    @TempDir
    private Path folder;

    record Case(String what, byte[] bytes, Class<? extends JllmException> error, String... says) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Case invalid(String what, byte[] bytes, String... says) {
        return new Case(what, bytes, InvalidModelException.class, says);
    }

    private static Case unsupported(String what, byte[] bytes, String... says) {
        return new Case(what, bytes, UnsupportedModelException.class, says);
    }

    static Stream<Case> beginnings() {
        return Stream.of(
                invalid("empty", new byte[0], "empty"),
                invalid("three bytes", "GGU".getBytes(), "'GGUF'", "3 bytes"),
                invalid("only the magic", "GGUF".getBytes(), "version", "cut short"),
                invalid("another magic", header("GUFF", 3, 0, 0).bytes(), "'GUFF'"),
                invalid("lower case", header("gguf", 3, 0, 0).bytes(), "'gguf'"),
                invalid("control characters", header("\n\0\r\u0085", 3, 0, 0).bytes(), "\\u000a"),
                invalid("a page of HTML", "<!DOCTYPE html><html>".getBytes(), "'<!DO'"),
                invalid("a Git LFS pointer", "version https://git-lfs.github.com/spec/v1".getBytes(), "Git LFS"),
                unsupported("GGML", header("lmgg", 1, 0, 0).bytes(), "before GGUF"),
                unsupported("GGJT", header("tjgg", 3, 0, 0).bytes(), "before GGUF"),
                invalid("version 0", header("GGUF", 0, 0, 0).bytes(), "version 0"),
                unsupported("version 1", header("GGUF", 1, 0, 0).bytes(), "version 1"),
                unsupported("version 4", header("GGUF", 4, 0, 0).bytes(), "version 4"),
                invalid("version -1", header("GGUF", -1, 0, 0).bytes(), "4294967295"),
                unsupported("big-endian", header("GGUF", 3 << 24, 0, 0).bytes(), "big-endian"),
                invalid("a tensor that is not there", header("GGUF", 3, 1, 0).bytes(), "tensors", "1"),
                invalid("-1 tensors", header("GGUF", 3, -1, 0).bytes(), "tensors", "18446744073709551615"),
                invalid("2^62 tensors", header("GGUF", 3, 1L << 62, 0).bytes(), "4611686018427387904"),
                invalid("-1 keys", header("GGUF", 3, 0, -1).bytes(), "keys", "18446744073709551615"),
                invalid("2^40 keys", header("GGUF", 3, 0, 1L << 40).bytes(), "keys", "1099511627776"),
                invalid("2^62 of both", header("GGUF", 3, 1L << 62, 1L << 62).bytes(), "tensors"),
                invalid("too many keys", bigCount(0, 70_000), "70000 metadata keys"),
                invalid("too many tensors", bigCount(140_000, 0), "140000 tensors"));
    }

    private static byte[] bigCount(int tensors, int keys) {
        return header("GGUF", 3, tensors, keys)
                .raw(new byte[tensors * 25 + keys * 14])
                .bytes();
    }

    static Stream<Case> metadata() {
        GgufValueType text = GgufValueType.STRING;
        GgufValueType array = GgufValueType.ARRAY;
        return Stream.of(
                invalid("a key twice", pairs(pair("a.b", 1), pair("a.b", 2)), "'a.b'", "twice"),
                invalid("a key twice, other types", pairs(pair("a", 1), pair("a", "x")), "'a'", "twice"),
                invalid("an empty key", pairs(pair("", 1)), "key 1 of 1", "empty"),
                invalid(
                        "a key that is not UTF-8",
                        pairs(start().text(new byte[] {'a', (byte) 0xff})
                                .int32(4)
                                .int32(1)
                                .bytes()),
                        "UTF-8"),
                invalid(
                        "a key with a surrogate",
                        pairs(start().text(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})
                                .int32(4)
                                .int32(1)
                                .bytes()),
                        "UTF-8"),
                invalid("a key with a new line", pairs(pair("a\nb", 1)), "control", "a\\u000ab"),
                invalid("a key with NUL", pairs(pair("a\0b", 1)), "control"),
                invalid("a key of 65536 bytes", pairs(pair("a".repeat(65_536), 1)), "65536 bytes"),
                invalid(
                        "a key of 2^63 bytes",
                        pairs(start().int64(Long.MIN_VALUE).bytes(), new byte[64]),
                        "9223372036854775808"),
                invalid(
                        "a key longer than the file",
                        pairs(start().int64(60_000).bytes(), new byte[64]),
                        "60000"),
                invalid("type 13", pairs(start().text("a").int32(13).int64(0).bytes()), "'a'", "type 13"),
                invalid("type -1", pairs(start().text("a").int32(-1).int64(0).bytes()), "type 4294967295"),
                invalid(
                        "a text longer than the file",
                        pairs(key("a", text).int64(1000).bytes()),
                        "'a'",
                        "1000"),
                invalid(
                        "a text of 2^62 bytes",
                        pairs(key("a", text).int64(1L << 62).bytes()),
                        "'a'",
                        "4611686018427387904"),
                invalid("a text of -1 bytes", pairs(key("a", text).int64(-1).bytes()), "'a'", "18446744073709551615"),
                invalid(
                        "the truth value 2",
                        pairs(key("a", GgufValueType.BOOL).raw((byte) 2).bytes()),
                        "'a'",
                        "not 2"),
                invalid(
                        "the truth value 255 in an array",
                        pairs(key("a", array)
                                .int32(7)
                                .int64(2)
                                .raw((byte) 1, (byte) -1)
                                .bytes()),
                        "'a'",
                        "not 255"),
                invalid(
                        "an array of type 99",
                        pairs(key("a", array).int32(99).int64(0).bytes()),
                        "'a'",
                        "type 99"),
                invalid(
                        "an array of -1 numbers",
                        pairs(key("a", array).int32(4).int64(-1).bytes()),
                        "'a'",
                        "18446744073709551615"),
                invalid(
                        "an array whose bytes overflow",
                        pairs(key("a", array).int32(12).int64(1L << 61).bytes()),
                        "'a'",
                        "2305843009213693952"),
                invalid(
                        "an array of too many numbers",
                        pairs(key("a", array).int32(6).int64(1000).bytes()),
                        "'a'",
                        "1000"),
                invalid(
                        "an array of 2^31 bytes",
                        pairs(key("a", array).int32(0).int64(1L << 31).bytes()),
                        "'a'",
                        "2147483648"),
                invalid(
                        "an array of too many texts",
                        pairs(key("a", array).int32(8).int64(20).int64(0).bytes()),
                        "'a'",
                        "20"),
                invalid(
                        "an array with a long text",
                        pairs(key("a", array)
                                .int32(8)
                                .int64(2)
                                .text("x")
                                .int64(1L << 50)
                                .bytes()),
                        "element 1 of",
                        "'a'"),
                invalid(
                        "an array of too many arrays",
                        pairs(key("a", array).int32(9).int64(1L << 60).bytes()),
                        "'a'",
                        "1152921504606846976"),
                invalid("arrays 9 deep", pairs(nested(9)), "'a'", "8 deep"),
                invalid("arrays 5000 deep", pairs(nested(5000)), "'a'", "8 deep"),
                invalid(
                        "70000 empty arrays",
                        pairs(key("a", array)
                                .int32(9)
                                .int64(70_000)
                                .raw(new byte[70_000 * 12])
                                .bytes()),
                        "'a'",
                        "70000 arrays"),
                invalid("alignment 0", pairs(pair("general.alignment", 0)), "general.alignment", "not uint32 0"),
                invalid("alignment 33", pairs(pair("general.alignment", 33)), "power of two", "33"),
                invalid("alignment 2^31", pairs(pair("general.alignment", 1 << 31)), "general.alignment", "2147483648"),
                invalid("alignment 2^21", pairs(pair("general.alignment", 1 << 21)), "general.alignment", "2097152"),
                invalid("alignment as a text", pairs(pair("general.alignment", "32")), "general.alignment", "'32'"),
                invalid(
                        "alignment as 64 bits",
                        pairs(key("general.alignment", GgufValueType.UINT64)
                                .int64(32)
                                .bytes()),
                        "general.alignment",
                        "uint64"),
                invalid(
                        "tokens as a text",
                        pairs(pair("tokenizer.ggml.tokens", "x")),
                        "tokenizer.ggml.tokens",
                        "array of texts"),
                invalid(
                        "tokens as numbers",
                        pairs(key("tokenizer.ggml.tokens", array)
                                .int32(4)
                                .int64(1)
                                .int32(7)
                                .bytes()),
                        "array of texts",
                        "1 UINT32"),
                invalid(
                        "a token twice",
                        pairs(pair("tokenizer.ggml.model", "gpt2"), texts("tokenizer.ggml.tokens", "x", "y", "x")),
                        "'x'",
                        "token 0",
                        "token 2"),
                invalid(
                        "tokens that differ after NUL",
                        pairs(pair("tokenizer.ggml.model", "gpt2"), texts("tokenizer.ggml.tokens", "x", "x\0y")),
                        "token 0",
                        "token 1"));
    }

    private static byte[] nested(int depth) {
        GgufBytes bytes = key("a", GgufValueType.ARRAY);
        for (int level = 1; level < depth; level++) {
            bytes.int32(GgufValueType.ARRAY.id()).int64(1);
        }
        return bytes.int32(0).int64(0).bytes();
    }

    static Stream<Case> tensorIndexes() {
        byte[] first = tensor("a", F32, 0, 8);
        return Stream.of(
                invalid("a tensor twice", tensors(64, first, tensor("a", F32, 32, 8)), "'a'", "twice"),
                invalid(
                        "overlap",
                        tensors(96, tensor("a", F32, 0, 16), tensor("b", F32, 32, 8)),
                        "'b'",
                        "overlap",
                        "64"),
                invalid("the same place", tensors(64, first, tensor("b", F32, 0, 8)), "'b'", "overlap"),
                invalid("out of order", tensors(64, tensor("b", F32, 32, 8), first), "'b'", "gap"),
                invalid("a gap", tensors(128, first, tensor("b", F32, 64, 8)), "'b'", "gap"),
                invalid("offset 4", tensors(64, tensor("a", F32, 4, 8)), "'a'", "byte 4", "alignment 32"),
                invalid("offset -32", tensors(64, tensor("a", F32, -32, 8)), "'a'", "18446744073709551584"),
                invalid("offset 2^62", tensors(64, tensor("a", F32, 1L << 62, 8)), "'a'", "4611686018427387904"),
                invalid("beyond the end", tensors(31, first), "'a'", "32 bytes", "31 bytes"),
                invalid("no data", tensors(0, first), "'a'", "32 bytes", "0 bytes"),
                invalid(
                        "more than any file",
                        tensors(64, tensor("a", F32, 0, 1L << 60)),
                        "'a'",
                        "4611686018427387904 bytes"),
                invalid(
                        "elements overflow",
                        tensors(64, tensor("a", F32, 0, 1L << 32, 1L << 32)),
                        "'a'",
                        "no file can hold"),
                invalid(
                        "elements overflow to 8",
                        tensors(64, tensor("a", F32, 0, 1L << 31, 1L << 31, 8, 1)),
                        "'a'",
                        "no file can hold"),
                invalid("bytes overflow", tensors(64, tensor("a", F32, 0, (1L << 62) + 8)), "'a'", "no file can hold"),
                invalid("a dimension of 0", tensors(64, tensor("a", F32, 0, 8, 0)), "'a'", "[8, 0]"),
                invalid("a dimension of -8", tensors(64, tensor("a", F32, 0, -8)), "'a'", "[-8]"),
                invalid("two negative dimensions", tensors(64, tensor("a", F32, 0, -2, -4)), "'a'", "[-2, -4]"),
                invalid("5 dimensions", tensors(64, tensor("a", F32, 0, 8, 1, 1, 1, 1)), "'a'", "5 dimensions"),
                invalid(
                        "2^32-1 dimensions",
                        tensors(64, start().text("a").int32(-1).bytes(), new byte[64]),
                        "4294967295 dimensions"),
                invalid("type 43", tensors(64, tensor("a", 43, 0, 8)), "'a'", "type 43"),
                invalid("type -1", tensors(64, tensor("a", -1, 0, 8)), "'a'", "type 4294967295"),
                unsupported("type 4, removed", tensors(64, tensor("a", 4, 0, 32)), "'a'", "type 4"),
                unsupported("type 31, removed", tensors(64, tensor("a", 31, 0, 32)), "'a'", "type 31"),
                invalid("half a block", tensors(64, tensor("a", Q8_0, 0, 16, 2)), "'a'", "16", "Q8_0", "32"),
                invalid("no whole super-block", tensors(256, tensor("a", Q4_K, 0, 288)), "'a'", "288", "Q4_K", "256"),
                invalid("an empty name", tensors(64, tensor("", F32, 0, 8)), "tensor 1 of 1", "empty"),
                invalid("a name of 64 bytes", tensors(64, tensor("a".repeat(64), F32, 0, 8)), "64 bytes", "63"),
                invalid(
                        "a name of 2^63 bytes",
                        tensors(64, start().int64(Long.MIN_VALUE).bytes(), new byte[64]),
                        "9223372036854775808"),
                invalid(
                        "a name that is not UTF-8",
                        tensors(
                                64,
                                start().text(new byte[] {(byte) 0xc0, (byte) 0x80})
                                        .int32(1)
                                        .int64(8)
                                        .int32(0)
                                        .int64(0)
                                        .bytes()),
                        "UTF-8"),
                invalid("a name with a new line", tensors(64, tensor("a\nb", F16, 0, 8)), "control", "a\\u000ab"),
                invalid("a name with NUL", tensors(64, tensor("a\0b", F16, 0, 8)), "control"),
                invalid("bytes after the last tensor", tensors(33, first), "1 bytes after"),
                invalid(
                        "a file after the file",
                        start().raw(tensors(32, first)).raw(tensors(32, first)).bytes(),
                        "bytes after"),
                invalid("no tensors, but data", tensors(1), "1 bytes after"),
                unsupported("a place that cannot be mapped", aligned8(), "'c'", "general.alignment 8"));
    }

    private static byte[] aligned8() {
        return file(
                List.of(pair("general.alignment", 8)),
                List.of(tensor("a", F32, 0, 8), tensor("b", F32, 32, 2), tensor("c", F32, 40, 8)),
                72);
    }

    @ParameterizedTest
    @MethodSource({"beginnings", "metadata", "tensorIndexes"})
    void isRefusedInOneLineThatNamesFileAndCulprit(Case malformed) throws IOException {
        Path file = Files.write(folder.resolve("model.gguf"), malformed.bytes());
        assertRefused(file, malformed.error(), malformed.says());
    }

    private static void assertRefused(Path file, Class<? extends JllmException> error, String... says) {
        Throwable thrown = catchThrowable(() -> GgufFile.read(file));
        assertThat(thrown).isExactlyInstanceOf(error);
        assertThat(thrown.getMessage()).startsWith(file.toString()).hasSizeLessThan(500);
        for (String expected : says) {
            assertThat(thrown.getMessage()).contains(expected);
        }
        assertThat(thrown.getMessage().chars()).noneMatch(Character::isISOControl);
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        byte[] bytes = sound();
        Path file = Files.write(folder.resolve("model.gguf"), bytes);
        assertThat(GgufFile.read(file).tensors()).hasSize(2);
        int dataEnd = bytes.length - 16;
        for (int length = 0; length < dataEnd; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertRefused(file, InvalidModelException.class);
        }
        for (int length = dataEnd; length <= bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThat(GgufFile.read(file).tensors()).hasSize(2);
        }
    }

    /** With sixteen bytes of padding at its end, as converters write it. */
    private static byte[] sound() {
        return file(
                List.of(
                        pair("general.architecture", "llama"),
                        pair("llama.context_length", 512),
                        pair("tokenizer.ggml.model", "llama"),
                        texts("tokenizer.ggml.tokens", "<s>", "あ", ""),
                        key("nested", GgufValueType.ARRAY)
                                .int32(9)
                                .int64(1)
                                .int32(1)
                                .int64(2)
                                .int16(1)
                                .bytes()),
                List.of(tensor("token_embd.weight", Q8_0, 0, 32, 3), tensor("output_norm.weight", F32, 128, 4)),
                160);
    }

    @Test
    void anyChangedBytesAreReadOrRefusedInOneLine() throws IOException {
        Random random = new Random(3);
        byte[] sound = sound();
        for (int round = 0; round < 1000; round++) {
            byte[] bytes = sound.clone();
            IntStream.rangeClosed(0, random.nextInt(3))
                    .forEach(change -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt());
            Path file = Files.write(folder.resolve("model.gguf"), bytes);
            Throwable thrown = catchThrowable(() -> GgufDescription.of(GgufFile.read(file)));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(JllmException.class);
                assertThat(thrown.getMessage()).startsWith(file.toString());
                assertThat(thrown.getMessage().chars()).noneMatch(Character::isISOControl);
            }
        }
    }

    @Test
    void whatIsNoFile() {
        assertRefused(folder, InvalidModelException.class, "folder");
        assertRefused(folder.resolve("none.gguf"), ModelNotFoundException.class, "does not exist");
    }
}
