package org.jllm.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jllm.api.Embedding;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.TokenEmbeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorFileTest {
    private static final int COUNT = 40;

    @TempDir
    Path folder;

    private static Embedding vector(long index) {
        return new Embedding(new float[] {index, -index / 3f, 1e-7f * index}, 5, index == 2);
    }

    private static void write(VectorWriter writer, long from, long to) throws IOException {
        for (long i = from; i < to; i++) {
            if (i == 7) {
                writer.skip(i);
            } else {
                writer.write(i, vector(i));
            }
        }
    }

    private byte[] whole(VectorFormat format, Path file) throws IOException {
        VectorFile vectors = new VectorFile(format, 3, false);
        try (VectorWriter writer = vectors.to(file, WrittenVectors.none())) {
            write(writer, 0, COUNT);
            writer.finish();
        }
        return Files.readAllBytes(file);
    }

    @Test
    void linesAreJson() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        VectorWriter writer = new VectorFile(VectorFormat.JSONL, 3, false).to(out);
        write(writer, 1, 3);
        writer.write(3, new TokenEmbeddings(new int[] {5, 6}, new float[][] {{1, 0.5f}, {0, -1}}, 2, false));
        writer.finish();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                {"index":1,"embedding":[1.0,-0.33333334,1.0E-7]}
                {"index":2,"embedding":[2.0,-0.6666667,2.0E-7],"truncated":true}
                {"index":3,"ids":[5,6],"embedding":[[1.0,0.5],[0.0,-1.0]]}
                """);
    }

    @Test
    void csvNamesItsColumns() throws IOException {
        assertThat(new String(whole(VectorFormat.CSV, folder.resolve("v.csv")), StandardCharsets.UTF_8))
                .startsWith("index,v0,v1,v2\n0,0.0,0.0,0.0\n1,1.0,-0.33333334,1.0E-7\n")
                .contains("\n6,6.0")
                .doesNotContain("\n7,");
    }

    @Test
    void arraysAreThoseOfNumpy() throws IOException {
        byte[] bytes = whole(VectorFormat.NPY, folder.resolve("v.npy"));
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
        assertThat(buffer.getShort(8)).isEqualTo((short) 118);
        assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (40, 3), }")
                .endsWith(" \n");
        assertThat(bytes).hasSize(128 + COUNT * 12);
        assertThat(buffer.getFloat(128 + 4 * 12 + 4)).isEqualTo(-4 / 3f);
        assertThat(buffer.getFloat(128 + 7 * 12)).isNaN();
        assertThat(folder.resolve("v.npy.partial")).doesNotExist();
    }

    /** Wherever a file was cut, going on gives the same file. */
    @ParameterizedTest
    @EnumSource(VectorFormat.class)
    void anyCutFileIsContinued(VectorFormat format) throws IOException {
        Path file = folder.resolve("v." + format.key());
        byte[] whole = whole(format, file);
        VectorFile vectors = new VectorFile(format, 3, false);
        Path partial = format == VectorFormat.NPY ? NpyWriter.partial(file) : file;
        for (int length = 0; length <= whole.length; length += 13) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (format == VectorFormat.NPY) {
                System.arraycopy(new NpyHeader(0, 3).bytes().array(), 0, cut, 0, Math.min(128, length));
            }
            Files.write(partial, cut);
            WrittenVectors written = vectors.written(file);
            try (VectorWriter writer = vectors.to(file, written)) {
                write(writer, written.next(), COUNT);
                writer.finish();
            }
            assertThat(Files.readAllBytes(file)).as("cut to " + length).isEqualTo(whole);
        }
    }

    @Test
    void filesOfSomethingElseAreLeftAlone() throws IOException {
        VectorFile vectors = new VectorFile(VectorFormat.JSONL, 3, false);
        Path file = Files.writeString(folder.resolve("notes.txt"), "no vectors\n");
        assertThatThrownBy(() -> vectors.written(file))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("does not end with a vector of this format");
        assertThat(file).hasContent("no vectors\n");
        Files.writeString(file, "{\"index\":0,\"embedding\":[1,2]}\n");
        assertThatThrownBy(() -> vectors.written(file)).hasMessageContaining("has vectors of 2 numbers instead of 3");
        assertThatThrownBy(() -> new VectorFile(VectorFormat.NPY, 3, true)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> new VectorFile(VectorFormat.NPY, 3, false).to(new ByteArrayOutputStream()))
                .hasMessageContaining("needs a file");
        assertThatThrownBy(() -> VectorFormat.of("parquet")).hasMessageContaining("known are jsonl, npy, csv");
    }
}
