package org.jllm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jllm.checkpoint.MalformedSafetensorsTest.assertClear;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jllm.api.JllmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of {@code torch.save} that are damaged, or made to do harm. */
class MalformedPyTorchTest {
    private static final List<Long> SHAPE = List.of(2L, 3L);

    @TempDir
    private Path folder;

    private static TorchSave sound() {
        return new TorchSave()
                .tensor("a.weight", ElementType.F32, SHAPE, new byte[24])
                .tensor("b.weight", ElementType.F16, SHAPE, new byte[12]);
    }

    private static Arguments bad(String what, byte[] bytes, String... parts) {
        return arguments(what, bytes, List.of(parts));
    }

    /** The sound tensors, and beside them what the opcodes leave under the name x. */
    private static Arguments pickle(String what, Consumer<PickleBytes> opcodes, String... parts) {
        PickleBytes pickle = PickleBytes.of(2).ordered();
        sound().tensors(pickle, false).text("x");
        opcodes.accept(pickle);
        return bad(what, sound().zip(pickle.op('s').stop(), false).bytes(), parts);
    }

    private static Arguments cut(String what, long offset, List<Long> shape, List<Long> strides, String... parts) {
        return bad(
                what,
                sound().storage("s", ElementType.F32, new byte[24])
                        .tensor("c", "s", offset, shape, strides)
                        .zip(),
                parts);
    }

    private static Arguments zip(String what, Consumer<ZipBytes> change, String... parts) {
        ZipBytes zip = sound().zip(false);
        change.accept(zip);
        return bad(what, zip.bytes(), parts);
    }

    private static Arguments entry(String what, Consumer<ZipBytes.Entry> change, String... parts) {
        return zip(what, zip -> change.accept(zip.add("archive/data/9", new byte[8])), parts);
    }

    static Stream<Arguments> pickles() {
        return Stream.of(
                pickle(
                        "a foreign function",
                        p -> p.global("os", "system").mark().text("ls").tuple().call(),
                        "asks for os.system;",
                        "none of it was run"),
                pickle("a function that is only named", p -> p.global("builtins", "eval"), "asks for builtins.eval;"),
                pickle(
                        "several",
                        p -> p.mark()
                                .global("os", "system")
                                .global("posix", "system")
                                .tuple(),
                        "asks for os.system, posix.system;"),
                pickle(
                        "by STACK_GLOBAL",
                        p -> p.text("subprocess").text("Popen").op(0x93),
                        "subprocess.Popen;"),
                pickle(
                        "by INST",
                        p -> p.mark().text("ls").op('i').raw("os\nsystem\n".getBytes(StandardCharsets.UTF_8)),
                        "os.system;"),
                pickle("by OBJ", p -> p.mark().global("os", "system").text("ls").op('o'), "os.system;"),
                pickle("by NEWOBJ", p -> p.global("os", "system").op(')', 0x81), "os.system;"),
                pickle("by a registered extension", p -> p.op(0x82, 7), "extension 7"),
                pickle(
                        "a known module's other function",
                        p -> p.global("torch._utils", "_import_dotted_name"),
                        "torch._utils._import_dotted_name;"),
                pickle(
                        "a dotted name",
                        p -> p.global("collections", "OrderedDict.__class__"),
                        "collections.OrderedDict.__class__;"),
                pickle("harm before damage", p -> p.global("os", "system").op(0xff), "asks for os.system;"),
                pickle("a state for a refused object", p -> p.global("a", "B").op(')', 0x81, '}', 'b'), "a.B;"),
                pickle(
                        "a storage class that is called",
                        p -> p.global("torch", "FloatStorage").op(')').call(),
                        "calls torch.FloatStorage"),
                pickle("a call of a text", p -> p.text("os.system").op(')').call(), "calls a text"),
                pickle(
                        "arguments that do not fit",
                        p -> p.global("torch._utils", "_rebuild_tensor_v2")
                                .op(')')
                                .call(),
                        "_rebuild_tensor_v2"),
                pickle(
                        "a parameter of no tensor",
                        p -> p.global("torch._utils", "_rebuild_parameter")
                                .mark()
                                .none()
                                .op(0x88)
                                .none()
                                .tuple()
                                .call(),
                        "_rebuild_parameter"),
                pickle(
                        "a dictionary of no pairs",
                        p -> p.global("collections", "OrderedDict")
                                .mark()
                                .mark()
                                .none()
                                .tuple()
                                .tuple()
                                .call(),
                        "collections.OrderedDict"),
                pickle("an unknown storage", p -> p.text("storage").op('Q'), "no storage"),
                pickle("an unknown opcode", p -> p.op(0xfe), "0xfe"),
                pickle("a buffer from outside", p -> p.op(0x97), "0x97"),
                pickle("an unknown protocol", p -> p.op(0x80, 9), "protocol 9"),
                pickle("a text longer than all", p -> p.op('X').raw(PickleBytes.int32(-1)), "4294967295 bytes"),
                pickle(
                        "a text of 2^63 bytes",
                        p -> p.op(0x8d).raw(PickleBytes.int64(Long.MIN_VALUE)),
                        "9223372036854775808 bytes"),
                pickle("a number of -1 bytes", p -> p.op(0x8b).raw(PickleBytes.int32(-1)), "bytes are announced"),
                pickle(
                        "a number longer than all",
                        p -> p.op(0x8b).raw(PickleBytes.int32(Integer.MAX_VALUE)),
                        "2147483647 bytes"),
                pickle(
                        "bytes longer than all",
                        p -> p.op(0x8e).raw(PickleBytes.int64(1L << 60)),
                        "bytes are announced"),
                pickle(
                        "text that is none",
                        p -> p.op('X').raw(PickleBytes.int32(1)).op(0xff),
                        "not UTF-8"),
                pickle("a value that was not kept", p -> p.op('h', 200), "recalls value 200"),
                pickle("an empty stack", p -> p.op('0', '0', '0', '0'), "takes a value where there is none"),
                pickle("a value below a mark", p -> p.mark().op(0x85), "takes a value where there is none"),
                pickle("a mark that is not there", p -> p.op('t'), "a mark that it never set"),
                pickle("a key without a value", p -> p.op('}').mark().text("k").op('u'), "a key without a value"),
                pickle(
                        "items of a number",
                        p -> p.number(1).mark().text("k").none().op('u'),
                        "sets items of the number"),
                pickle("an element of a text", p -> p.text("t").none().op('a'), "appends to a text"));
    }

    static Stream<Arguments> tensors() {
        return Stream.of(
                cut("one element too far", 1, SHAPE, List.of(3L, 1L), "not inside its 6 elements"),
                cut("a stride too far", 0, SHAPE, List.of(4L, 1L), "not inside its 6 elements"),
                cut("before the beginning", -1, SHAPE, List.of(3L, 1L), "not inside"),
                cut("backwards", 5, SHAPE, List.of(-3L, 1L), "negative"),
                cut("a negative size", 0, List.of(-2L, 3L), List.of(3L, 1L), "negative"),
                cut("more than can be counted", 0, List.of(1L << 40, 1L << 40), List.of(0L, 0L), "impossibly large"),
                cut("a stride beyond counting", 0, SHAPE, List.of(Long.MAX_VALUE, 1L), "impossibly large"),
                cut("one number, repeated 2^40 times", 0, List.of(1L << 40), List.of(0L), "repeats"),
                cut("more sizes than strides", 0, SHAPE, List.of(1L), "2 sizes and 1 strides"),
                cut(
                        "17 dimensions",
                        0,
                        Stream.generate(() -> 1L).limit(17).toList(),
                        Stream.generate(() -> 1L).limit(17).toList(),
                        "17 sizes"),
                cut("empty, but beyond the end", 7, List.of(0L), List.of(1L), "not inside"));
    }

    static Stream<Arguments> zips() {
        byte[] sound = sound().zip();
        byte[] legacy = sound().legacy();
        return Stream.of(
                bad("nothing", new byte[0], "is empty"),
                bad("text", "weights".getBytes(StandardCharsets.UTF_8), "no file of torch.save"),
                bad(
                        "a note of Git LFS",
                        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
                                .getBytes(StandardCharsets.UTF_8),
                        "Git LFS"),
                bad("a zip file cut short", Arrays.copyOf(sound, sound.length / 2), "cut short"),
                bad(
                        "a legacy file without its end",
                        Arrays.copyOf(legacy, legacy.length - 1),
                        "cut short inside storage"),
                bad("a legacy file cut in its pickle", Arrays.copyOf(legacy, 150), "its pickle ends"),
                bad("a pickle of something else", PickleBytes.of(2).number(3).stop(), "no file of torch.save"),
                bad(
                        "a harmful pickle alone",
                        PickleBytes.of(2)
                                .global("os", "system")
                                .text("ls")
                                .op(0x85)
                                .call()
                                .stop(),
                        "asks for os.system"),
                zip(
                        "an entry twice",
                        zip -> zip.add("archive/data/0", new byte[24]),
                        "two entries",
                        "'archive/data/0'"),
                zip("out of the folder", zip -> zip.add("archive/../../x", new byte[1]), "leads out"),
                zip("absolute", zip -> zip.add("/etc/passwd", new byte[1]), "leads out"),
                zip("backslashes", zip -> zip.add("archive\\..\\x", new byte[1]), "leads out"),
                zip("two pickles", zip -> zip.add("other/data.pkl", new byte[1]), "2 entries FOLDER/data.pkl"),
                zip("big-endian", zip -> zip.add("archive/byteorder", "big".getBytes(StandardCharsets.UTF_8)), "'big'"),
                zip("a byte order without end", zip -> zip.add("archive/byteorder", new byte[1000]), "byte order"),
                entry("encrypted", e -> e.flags |= 1, "encrypted"),
                entry("another compression", e -> e.method = 93, "method 93"),
                entry("a stored entry of two sizes", e -> e.size = 9, "takes 8 bytes for 9"),
                entry("beyond the end", e -> e.size = e.packedSize = 100_000, "does not end before the directory"),
                entry("at a place beyond the end", e -> e.header = 100_000, "does not end before the directory"),
                entry("in another entry", e -> e.header = 1, "runs into what follows at byte 1"),
                entry("at the place of another", e -> e.header = 0, "runs into what follows at byte 0"),
                zip(
                        "a bomb",
                        zip -> {
                            ZipBytes.Entry bomb = zip.add(new ZipBytes.Entry("archive/data/9", new byte[100], true));
                            bomb.size = 1L << 31;
                        },
                        "would unpack to"),
                bad("a damaged pickle", damaged(), "checksum"),
                bad(
                        "a storage that is missing",
                        sound().zip(pickleOf("7"), false).bytes(),
                        "storage '7'",
                        "does not have"),
                bad("a storage of another size", sizes(), "storage of 9 elements"),
                bad("no tensors", new TorchSave().zip(), "without tensors"),
                bad(
                        "a list",
                        sound().zip(PickleBytes.of(2).op(']').stop(), false).bytes(),
                        "a sequence of 0"),
                bad(
                        "itself",
                        sound().zip(
                                        PickleBytes.of(2)
                                                .op('}', 'q', 0)
                                                .text("model")
                                                .op('h', 0, 's')
                                                .stop(),
                                        false)
                                .bytes(),
                        "without tensors"),
                bad(
                        "a list in itself",
                        sound().zip(
                                        PickleBytes.of(2)
                                                .op(']', 'q', 0, 'h', 0, 'a')
                                                .stop(),
                                        false)
                                .bytes(),
                        "a sequence of 1"));
    }

    private static byte[] damaged() {
        ZipBytes zip = new ZipBytes();
        ZipBytes.Entry pickle = zip.add("archive/data.pkl", sound().pickle(false));
        pickle.checksum ^= 1;
        return zip.bytes();
    }

    private static byte[] pickleOf(String key) {
        return new TorchSave()
                .storage(key, ElementType.F32, new byte[24])
                .tensor("c", key, 0, SHAPE, List.of(3L, 1L))
                .pickle(false);
    }

    private static byte[] sizes() {
        byte[] pickle = new TorchSave()
                .storage("0", ElementType.F32, new byte[36])
                .tensor("c", "0", 0, SHAPE, List.of(3L, 1L))
                .pickle(false);
        return sound().zip(pickle, false).bytes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"pickles", "tensors", "zips"})
    void isRefused(String what, byte[] bytes, List<String> parts) throws IOException {
        Path file = Files.write(folder.resolve("pytorch_model.bin"), bytes);
        JllmException error = catchThrowableOfType(JllmException.class, () -> Checkpoint.open(folder));
        assertThat(error).as(what).isNotNull();
        assertClear(error, file.toString(), parts);
    }

    /** A list of ten lists of ten lists, and so on: a billion elements to whoever walks through all of them. */
    @Test
    void sharedListsAreNotWalked() throws IOException {
        PickleBytes pickle = PickleBytes.of(2).ordered();
        sound().tensors(pickle, false).text("x").op(']', 'q', 0);
        for (int level = 1; level < 200; level++) {
            pickle.op(']', 'q', level, '(');
            for (int i = 0; i < 10; i++) {
                pickle.op('h', level - 1);
            }
            pickle.op('e');
        }
        Files.write(
                folder.resolve("pytorch_model.bin"),
                sound().zip(bottom(pickle), false).bytes());
        assertThat(Checkpoint.open(folder).tensors()).containsOnlyKeys("a.weight", "b.weight");
    }

    /** Makes a tuple of what was built, so that the dictionary is set to it under x. */
    private static byte[] bottom(PickleBytes pickle) {
        for (int i = 0; i < 198; i++) {
            pickle.op(0x86);
        }
        return pickle.op(0x86).op('s').stop();
    }

    @Test
    void aPickleOfMillionsOfValues() throws IOException {
        byte[] opcodes = new byte[5_000_000];
        Arrays.fill(opcodes, (byte) ']');
        PickleBytes pickle = PickleBytes.of(2).raw(opcodes);
        Path file = Files.write(
                folder.resolve("pytorch_model.bin"),
                sound().zip(pickle.stop(), true).bytes());
        JllmException error = catchThrowableOfType(JllmException.class, () -> Checkpoint.open(folder));
        assertClear(error, file.toString(), List.of("more than 4000000 values"));
    }

    /** One tuple of arguments makes as many tensors as the pickle has calls. */
    @Test
    void oneTensorAMillionTimes() throws IOException {
        PickleBytes pickle = PickleBytes.of(2);
        TorchSave save = sound();
        save.arguments(pickle.global("torch._utils", "_rebuild_tensor_v2").op('q', 0), "a.weight");
        pickle.op('q', 1);
        byte[] calls = new byte[500_000 * 5];
        for (int i = 0; i < calls.length; i += 5) {
            System.arraycopy(new byte[] {'h', 0, 'h', 1, 'R'}, 0, calls, i, 5);
        }
        Path file = Files.write(
                folder.resolve("pytorch_model.bin"),
                save.zip(pickle.raw(calls).stop(), true).bytes());
        JllmException error = catchThrowableOfType(JllmException.class, () -> Checkpoint.open(folder));
        assertClear(error, file.toString(), List.of("more than 200000 tensors"));
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void everyTypeInEveryForm(ElementType type) throws IOException {
        byte[] bytes = new byte[6 * type.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (type == ElementType.BOOL ? i % 2 : i * 37);
        }
        TorchSave save = new TorchSave()
                .storage("s", type, bytes)
                .tensor("rows", "s", 0, SHAPE, List.of(3L, 1L))
                .tensor("columns", "s", 0, List.of(3L, 2L), List.of(1L, 3L));
        double[] expected = null;
        for (byte[] form : List.of(
                save.zip(),
                save.deflated(),
                save.misaligned(1),
                save.legacy(),
                save.zip(false).in64Bits().bytes())) {
            Checkpoint checkpoint = Checkpoint.read(Files.write(folder.resolve("x.bin"), form));
            double[] rows = RealPyTorchFilesTest.values(checkpoint.require("rows"));
            double[] columns = RealPyTorchFilesTest.values(checkpoint.require("columns"));
            assertThat(columns).containsExactly(rows[0], rows[3], rows[1], rows[4], rows[2], rows[5]);
            expected = expected == null ? rows : expected;
            assertThat(rows).containsExactly(expected);
        }
    }
}
