package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "17B, 17",
        "1k, 1024",
        "1KB, 1000",
        "1kB, 1000",
        "1KiB, 1024",
        "4GiB, 4294967296",
        "4 GB, 4000000000",
        "1.5m, 1572864",
        "0.5KiB, 512",
        "8T, 8796093022208",
        "2tb, 2000000000000",
    })
    void reads(String text, long bytes) {
        assertThat(ByteSize.parse(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1.", ".5", "1e3", "1 G iB", "1PB", "NaN", "999999999T", "٣"})
    void refuses(String text) {
        assertThat(ByteSize.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1048575, 1.0 MiB",
        "10188, 9.9 KiB",
        "10189, 10 KiB",
        "471859200, 450 MiB",
        "2254857830, 2.1 GiB",
        "9223372036854775807, 8388608 TiB",
    })
    void writes(long bytes, String text) {
        assertThat(ByteSize.format(bytes)).isEqualTo(text);
    }
}
