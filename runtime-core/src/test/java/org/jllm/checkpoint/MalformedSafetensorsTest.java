package org.jllm.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jllm.checkpoint.SafetensorsBytes.entry;
import static org.jllm.checkpoint.SafetensorsBytes.file;
import static org.jllm.checkpoint.SafetensorsBytes.one;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedSafetensorsTest {
    private static final String F32_2 = entry("a", "\"F32\"", "[2]", "[0,8]");

    @TempDir
    private Path folder;

    private static Arguments bad(String what, byte[] bytes, String... parts) {
        return arguments(what, bytes, List.of(parts));
    }

    private static Arguments header(String what, String header, String... parts) {
        return bad(what, file(header, 8), parts);
    }

    private static Arguments two(String what, String second, int dataBytes, String... parts) {
        return bad(what, file("{" + F32_2 + "," + second + "}", dataBytes), parts);
    }

    static Stream<Arguments> files() {
        byte[] sound = file("{" + F32_2 + "}", 8);
        byte[] braces = "{}".getBytes(UTF_8);
        return Stream.of(
                bad("empty", new byte[0], "0 bytes", "cut short"),
                bad("shorter than the length", new byte[7], "7 bytes", "cut short"),
                bad("length 0", file(0, braces, 0), "header of 0 bytes"),
                bad("length 1", file(1, braces, 0), "header of 1 bytes"),
                bad("length over the format's limit", file(100_000_001, braces, 0), "100000001 bytes"),
                bad("negative length", file(-1, braces, 0), "18446744073709551615 bytes"),
                bad("smallest length", file(Long.MIN_VALUE, braces, 0), "9223372036854775808 bytes"),
                bad("length beyond the file", file(3, braces, 0), "10 bytes", "header alone takes 11"),
                bad("cut in the header", Arrays.copyOf(sound, 30), "30 bytes", "cut short"),
                bad("cut in the data", Arrays.copyOf(sound, sound.length - 1), "'a'", "byte 8", "there are 7"),
                bad("an archive", file("PK\u0003\u0004 and more", 8), "does not begin with '{'"),
                header("a list", "[]", "does not begin with '{'"),
                header("spaces first", " {}", "does not begin with '{'"),
                header("byte order mark", "\uFEFF{}", "does not begin with '{'"),
                bad("UTF-16", file("{}", UTF_16LE, 0), "not valid JSON"),
                bad("Latin-1", file("{\"\u00e9\":1}", ISO_8859_1, 0), "not UTF-8"),
                header("too deep", "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}", "not valid JSON", "depth"),
                header("too deep, never closed", "{\"a\":" + "{\"b\":".repeat(100_000), "not valid JSON", "depth"),
                header("trailing garbage", "{" + F32_2 + "} x", "not valid JSON"),
                header("trailing object", "{" + F32_2 + "}{}", "not valid JSON", "closing brace"),
                header("trailing zero byte", "{" + F32_2 + "}\0", "not valid JSON"),
                header("never closed", "{" + F32_2, "not valid JSON", "end-of-input"),
                header("cut in a name", "{\"abc", "not valid JSON", "end-of-input"),
                header("no quotes", "{a:1}", "not valid JSON", "line 1, column"),
                header("comma too many", "{" + F32_2 + ",}", "not valid JSON"),
                header("comment", "{/* */" + F32_2 + "}", "not valid JSON"),
                header("single quotes", "{'a':{}}", "not valid JSON"),
                header("name too long", "{\"" + "n".repeat(60_000) + "\":{}}", "not valid JSON", "Name"),
                header("number too long", "{\"a\":" + "9".repeat(5_000) + "}", "not valid JSON", "Number"),
                header("same tensor twice", "{" + F32_2 + "," + F32_2 + "}", "not valid JSON", "Duplicate", "'a'"),
                header("same name, escaped", "{" + F32_2 + ",\"\\u0061\":1}", "Duplicate", "'a'"),
                header(
                        "same key twice",
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"shape\":[2],\"data_offsets\":[0,8]}}",
                        "Duplicate",
                        "'shape'"),
                header("entry is a list", "{\"a\":[0,8]}", "'a'", "must be an object, not [0,8]"),
                header("entry is null", "{\"a\":null}", "'a'", "must be an object, not null"),
                header("no fields", "{\"a\":{}}", "'a'", "fields []", "[data_offsets, dtype, shape]"),
                header("no dtype", "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "'a'", "[data_offsets, shape]"),
                header(
                        "one field more",
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"strides\":[1]}}",
                        "'a'",
                        "strides"),
                bad("unknown dtype", one("\"F33\"", "[2]", "[0,8]"), "'a'", "dtype \"F33\"", "BF16"),
                bad("lowercase dtype", one("\"f32\"", "[2]", "[0,8]"), "'a'", "dtype \"f32\"", "F32"),
                bad("PyTorch's name", one("\"torch.float32\"", "[2]", "[0,8]"), "'a'", "torch.float32"),
                bad("dtype a number", one("4", "[2]", "[0,8]"), "'a'", "dtype 4"),
                bad("shape negative", one("\"F32\"", "[-2]", "[0,8]"), "'a'", "shape", "[-2]"),
                bad("shape twice negative", one("\"F32\"", "[-1,-2]", "[0,8]"), "'a'", "shape", "[-1,-2]"),
                bad("shape fractional", one("\"F32\"", "[2.0]", "[0,8]"), "'a'", "shape", "[2.0]"),
                bad("shape of texts", one("\"F32\"", "[\"2\"]", "[0,8]"), "'a'", "shape", "[\"2\"]"),
                bad("shape a number", one("\"F32\"", "2", "[0,8]"), "'a'", "shape", "not 2"),
                bad("shape null", one("\"F32\"", "null", "[0,8]"), "'a'", "shape", "not null"),
                bad("shape nested", one("\"F32\"", "[[2]]", "[0,8]"), "'a'", "shape", "[[2]]"),
                bad(
                        "size over 64 bits",
                        one("\"F32\"", "[18446744073709551618]", "[0,8]"),
                        "'a'",
                        "18446744073709551618"),
                bad("shape huge", one("\"F32\"", "[9223372036854775807]", "[0,8]"), "'a'", "impossible shape"),
                // Modulo 2^64 these take 8 bytes.
                bad("shape overflows", one("\"U8\"", "[4294967296,4294967296,8]", "[0,8]"), "'a'", "impossible shape"),
                bad("element size overflows", one("\"F32\"", "[4611686018427387906]", "[0,8]"), "'a'", "impossible"),
                bad("shape of many", one("\"F32\"", "[" + "1,".repeat(9_999) + "3]", "[0,8]"), "'a'", "takes 12"),
                bad("offsets of one", one("\"F32\"", "[2]", "[8]"), "'a'", "data_offsets [8]", "begin and end"),
                bad("offsets of three", one("\"F32\"", "[2]", "[0,4,8]"), "'a'", "data_offsets [0, 4, 8]"),
                bad("offsets reversed", one("\"F32\"", "[2]", "[8,0]"), "'a'", "data_offsets [8, 0]"),
                bad("offsets negative", one("\"F32\"", "[2]", "[-8,0]"), "'a'", "data_offsets", "[-8,0]"),
                bad("offsets past the end", one("\"F32\"", "[3]", "[0,12]"), "'a'", "byte 12", "there are 8"),
                bad(
                        "offsets huge",
                        one("\"F32\"", "[2]", "[9223372036854775799,9223372036854775807]"),
                        "'a'",
                        "there are 8"),
                bad("offsets over 64 bits", one("\"F32\"", "[2]", "[0,18446744073709551616]"), "'a'", "data_offsets"),
                bad("offsets an object", one("\"F32\"", "[2]", "{}"), "'a'", "data_offsets", "not {}"),
                bad(
                        "too few bytes for the shape",
                        one("\"F32\"", "[3]", "[0,8]"),
                        "'a'",
                        "8 bytes",
                        "F32",
                        "[3] takes 12"),
                bad(
                        "too many bytes for the shape",
                        one("\"F16\"", "[3]", "[0,8]"),
                        "'a'",
                        "8 bytes",
                        "F16",
                        "[3] takes 6"),
                bad("bytes for no element", one("\"F16\"", "[0]", "[0,8]"), "'a'", "8 bytes", "[0] takes 0"),
                two("overlap", entry("b", "\"F32\"", "[2]", "[4,12]"), 12, "'b'", "overlaps", "by 4 bytes"),
                two("same place", entry("b", "\"F32\"", "[2]", "[0,8]"), 8, "'b'", "overlaps", "by 8 bytes"),
                two("empty tensor within another", entry("b", "\"F32\"", "[0]", "[4,4]"), 8, "'b'", "overlaps"),
                two("hole", entry("b", "\"F32\"", "[2]", "[12,20]"), 20, "'b'", "hole of 4 bytes"),
                bad("hole at the start", file("{" + entry("a", "\"I8\"", "[4]", "[4,8]") + "}", 8), "'a'", "hole of 4"),
                bad("bytes at the end", file("{" + F32_2 + "}", 9), "1 bytes at its end"),
                bad("bytes, but no tensor", file("{}", 5), "5 bytes at its end"),
                header("metadata a text", "{\"__metadata__\":\"pt\"," + F32_2 + "}", "__metadata__", "\"pt\""),
                header("metadata of numbers", "{\"__metadata__\":{\"v\":1}," + F32_2 + "}", "__metadata__.v", "not 1"),
                header("metadata nested", "{\"__metadata__\":{\"v\":{}}," + F32_2 + "}", "__metadata__.v", "not {}"),
                header("metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}," + F32_2 + "}", "__metadata__"),
                header("line break in a name", "{\"a\\nb\\u001b[2J\\u2028c\":7}", "'a b [2J c'", "must be an object"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isRefused(String what, byte[] bytes, List<String> parts) throws IOException {
        Files.write(folder.resolve("model.safetensors"), bytes);
        InvalidModelException error = catchThrowableOfType(InvalidModelException.class, () -> Checkpoint.open(folder));
        assertThat(error).as(what).isNotNull();
        assertClear(error, folder.resolve("model.safetensors").toString(), parts);
    }

    static void assertClear(JllmException error, String file, List<String> parts) {
        assertThat(error.getMessage())
                .contains(file)
                .contains(parts)
                .hasSizeLessThan(1_500)
                .doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "C64"})
    void aTypeOfTheFormatThatIsNotReadIsNoDamage(String dtype) throws IOException {
        Files.write(folder.resolve("model.safetensors"), one('"' + dtype + '"', "[1]", "[0,8]"));
        UnsupportedModelException error =
                catchThrowableOfType(UnsupportedModelException.class, () -> Checkpoint.open(folder));
        assertClear(error, folder.resolve("model.safetensors").toString(), List.of("'a'", dtype, "BF16"));
    }

    @Test
    void aFolderInPlaceOfTheFile() throws IOException {
        Files.createDirectory(folder.resolve("model.safetensors"));
        InvalidModelException error = catchThrowableOfType(InvalidModelException.class, () -> Checkpoint.open(folder));
        assertClear(error, folder.resolve("model.safetensors").toString(), List.of("no regular file"));
    }

    @Test
    void aLinkToNowhere() throws IOException {
        Files.createSymbolicLink(folder.resolve("model.safetensors"), Path.of("gone"));
        InvalidModelException error = catchThrowableOfType(InvalidModelException.class, () -> Checkpoint.open(folder));
        assertClear(error, folder.resolve("model.safetensors").toString(), List.of("does not exist"));
    }

    /** The file is sparse: its length field and its size agree, and its header is 100 MB of zero bytes. */
    @Test
    void theLargestHeaderIsNoProblem() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.write(file(100_000_000, new byte[0], 0));
            file.setLength(100_000_008);
        }
        InvalidModelException error = catchThrowableOfType(InvalidModelException.class, () -> Checkpoint.open(folder));
        assertClear(error, folder.resolve("model.safetensors").toString(), List.of("does not begin with '{'"));
    }
}
