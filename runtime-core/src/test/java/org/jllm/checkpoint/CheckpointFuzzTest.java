package org.jllm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.JllmException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mutated files of each format, always the same ones. Each gives a clear error or tensors that can be read to their ends,
 * with no more memory than a sound file takes by a small factor.
 */
class CheckpointFuzzTest {
    private static final int FILES = 400;
    /** The reader's own buffers, and the most that a file of two tensors may make of itself. */
    private static final long MOST_ALLOCATED = 32L << 20;

    private static final List<Long> SHAPE = List.of(4L, 8L);

    @TempDir
    private Path folder;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final TensorReader reader = new TensorReader();
    private int refused;

    @BeforeEach
    void countsAllocations() {
        assertThat(threads.isThreadAllocatedMemoryEnabled()).isTrue();
    }

    private static TorchSave model() {
        byte[] floats = new byte[128];
        byte[] halves = new byte[64];
        new java.util.Random(7).nextBytes(floats);
        new java.util.Random(8).nextBytes(halves);
        return new TorchSave()
                .tensor("model.embed.weight", ElementType.F32, SHAPE, floats)
                .tensor("model.norm.weight", ElementType.F16, SHAPE, halves)
                .storage("shared", ElementType.F32, floats)
                .tensor("rows", "shared", 8, List.of(3L, 8L), List.of(8L, 1L))
                .tensor("columns", "shared", 0, List.of(8L, 4L), List.of(1L, 8L));
    }

    @Test
    void zip() throws IOException {
        byte[] sound = model().zip();
        for (int seed = 0; seed < FILES; seed++) {
            check("pytorch_model.bin", seed, new Mutations(seed).damage(sound));
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    @Test
    void compressedZip() throws IOException {
        byte[] sound = model().deflated();
        for (int seed = 0; seed < FILES; seed++) {
            check("pytorch_model.bin", seed, new Mutations(seed).damage(sound));
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    /** With sound zips around them, whose checksums would else tell at once. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pickles(boolean legacy) throws IOException {
        byte[] sound = model().pickle(legacy);
        for (int seed = 0; seed < FILES; seed++) {
            byte[] pickle = new Mutations(seed).damage(sound);
            check(
                    "pytorch_model.bin",
                    seed,
                    legacy
                            ? model().legacy(pickle)
                            : model().zip(pickle, seed % 2 == 0).bytes());
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    @Test
    void legacy() throws IOException {
        byte[] sound = model().legacy();
        for (int seed = 0; seed < FILES; seed++) {
            check("pytorch_model.bin", seed, new Mutations(seed).damage(sound));
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    @Test
    void entries() throws IOException {
        for (int seed = 0; seed < FILES; seed++) {
            Mutations mutations = new Mutations(seed);
            ZipBytes zip = model().zip(seed % 2 == 0);
            String[] names = {
                "archive/data/0",
                "archive/data/shared",
                "../x",
                "archive/../../etc/passwd",
                "/x",
                "archive/data.pkl",
                "archive/data/0/../1",
                "",
                "other/data.pkl",
                "archive\\data"
            };
            ZipBytes.Entry entry = zip.add(new ZipBytes.Entry(
                    names[mutations.below(names.length)], new byte[mutations.below(5_000)], mutations.below(2) == 0));
            switch (mutations.below(7)) {
                case 0 -> entry.size = 1L << mutations.below(63);
                case 1 -> entry.packedSize = 1L << mutations.below(63);
                case 2 -> entry.header = mutations.below(4_000);
                case 3 -> entry.method = mutations.below(100);
                case 4 -> entry.flags = mutations.below(1 << 16);
                case 5 -> entry.checksum = mutations.below(Integer.MAX_VALUE);
                default -> zip.aligned(1 + mutations.below(64));
            }
            check("pytorch_model.bin", seed, (mutations.below(2) == 0 ? zip.in64Bits() : zip).bytes());
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "model.safetensors"})
    void shards(String name) throws IOException {
        String ending = name.substring(name.lastIndexOf('.'));
        byte[] first = bytes(ending, "a", "b");
        byte[] second = bytes(ending, "c", "d");
        String index =
                "{\"metadata\":{\"total_size\":64},\"weight_map\":{\"a\":\"x%1$s\",\"b\":\"x%1$s\",\"c\":\"y%1$s\",\"d\":\"y%1$s\"}}"
                        .formatted(ending);
        List<String> from =
                List.of("\"a\":", "\"d\":", "x" + ending, "y" + ending, "weight_map", ":", "}", ending, "\"");
        List<String> to =
                List.of("\"e\":", "\"a\":", "../x" + ending, "/y" + ending, "z" + ending, "[", "", "{", "null", "1e99");
        for (int seed = 0; seed < FILES; seed++) {
            Mutations mutations = new Mutations(seed);
            boolean whole = mutations.below(3) > 0;
            Files.write(folder.resolve("x" + ending), whole ? first : mutations.damage(first));
            Files.write(folder.resolve("y" + ending), second);
            String changed = index.replace(from.get(mutations.below(from.size())), to.get(mutations.below(to.size())));
            byte[] bytes = (whole && seed % 2 == 0 ? changed : index).getBytes(StandardCharsets.UTF_8);
            check(name + ".index.json", seed, whole && seed % 2 == 1 ? mutations.damage(bytes) : bytes);
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    private static byte[] bytes(String ending, String one, String two) {
        if (ending.equals(".bin")) {
            return new TorchSave()
                    .tensor(one, ElementType.F32, List.of(4L), new byte[16])
                    .tensor(two, ElementType.F32, List.of(4L), new byte[16])
                    .zip();
        }
        return SafetensorsBytes.file(
                "{" + SafetensorsBytes.entry(one, "\"F32\"", "[4]", "[0,16]") + ","
                        + SafetensorsBytes.entry(two, "\"F32\"", "[4]", "[16,32]") + "}",
                32);
    }

    @Test
    void safetensors() throws IOException {
        byte[] sound = bytes(".safetensors", "model.embed.weight", "model.norm.weight");
        for (int seed = 0; seed < FILES; seed++) {
            check("model.safetensors", seed, new Mutations(seed).damage(sound));
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    private void check(String name, int seed, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            Checkpoint checkpoint = Checkpoint.open(folder);
            for (StoredTensor tensor : checkpoint.tensors().values()) {
                long[] read = {0};
                reader.read(tensor, part -> read[0] += part.remaining());
                assertThat(read[0])
                        .as("bytes of %s, seed %d", tensor.name(), seed)
                        .isEqualTo(tensor.byteLength());
            }
        } catch (JllmException e) {
            refused++;
            assertThat(e.getMessage())
                    .as("seed %d", seed)
                    .contains(folder.toString())
                    .hasSizeBetween(folder.toString().length() + 10, 1_500)
                    .doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated, seed %d", seed)
                .isLessThan(MOST_ALLOCATED);
    }
}
