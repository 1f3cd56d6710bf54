package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialBlobTest {
    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void name() {
        file = temp.resolve("x" + PartialBlob.SUFFIX);
    }

    private static ByteBuffer bytes(int count) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, (byte) count);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void whatHasComeIsThereForTheNextOne() throws IOException {
        try (PartialBlob partial = new PartialBlob(file, 25, 10)) {
            assertThat(partial.parts()).isEqualTo(3);
            partial.append(2, bytes(5));
            partial.append(0, bytes(4));
            assertThat(partial.isComplete(2)).isTrue();
        }
        assertThat(PartialBlob.received(file, 25)).isEqualTo(9);
        assertThat(PartialBlob.allocated(file)).isEqualTo(9);
        // Parts keep the size that they were begun with.
        try (PartialBlob partial = new PartialBlob(file, 25, 7)) {
            assertThat(partial.parts()).isEqualTo(3);
            assertThat(partial.done(0)).isEqualTo(4);
            partial.append(0, bytes(6));
            partial.append(1, bytes(10));
            assertThatThrownBy(() -> partial.append(1, bytes(1))).isInstanceOf(IllegalArgumentException.class);
            partial.finish(temp.resolve("final"));
        }
        assertThat(file).doesNotExist();
        assertThat(Files.readAllBytes(temp.resolve("final")))
                .hasSize(25)
                .startsWith(4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 10)
                .endsWith(10, 5, 5, 5, 5, 5);
    }

    @Test
    void aProcessThatWasKilledBetweenTableAndNameHasAll() throws IOException {
        Files.write(file, new byte[25]);
        try (PartialBlob partial = new PartialBlob(file, 25, 10)) {
            assertThat(partial.received()).isEqualTo(25);
        }
    }

    @Test
    void whatIsNoneBeginsAnew() throws IOException {
        for (int length : new int[] {0, 10, 24, 26, 40, 1000}) {
            Files.write(file, bytes(length).array());
            assertThat(PartialBlob.received(file, 25)).isZero();
            try (PartialBlob partial = new PartialBlob(file, 25, 10)) {
                assertThat(partial.received()).isZero();
            }
        }
        assertThat(PartialBlob.received(temp.resolve("missing"), 25)).isZero();
    }

    @Test
    void anEmptyContentIsComplete() throws IOException {
        try (PartialBlob partial = new PartialBlob(file, 0, 10)) {
            assertThat(partial.parts()).isZero();
            partial.finish(temp.resolve("final"));
        }
        assertThat(temp.resolve("final")).isEmptyFile();
    }
}
