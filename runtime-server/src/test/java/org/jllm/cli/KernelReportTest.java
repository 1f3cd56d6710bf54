package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jllm.generation.KernelSpeed;
import org.jllm.generation.KernelSpeeds;
import org.junit.jupiter.api.Test;

/** A row for each kernel, or JSON. */
class KernelReportTest {
    private static final KernelSpeeds SPEEDS = new KernelSpeeds(
            2,
            5_632,
            2_048,
            384L << 20,
            25,
            List.of(
                    new KernelSpeed("float32", "torch.linear", 1, 29.64, 14.8),
                    new KernelSpeed("float32", "torch.linear", 128, 4.4, 286.2),
                    new KernelSpeed("int8", "oneDNN", 1, 20, 40.2)));

    private static String print(boolean json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BenchMachine machine = new BenchMachine(4, Map.of("jllm", "1"));
        KernelReport.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), json, machine, SPEEDS);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRowForEachKernel() throws IOException {
        List<String> lines = print(false).lines().toList();
        assertThat(lines.get(0))
                .startsWith("memory gives 25.0 GB/s to 2 threads; matrices of 5632 × 2048, 384 MiB of each form");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(
                        "FORM     KERNEL        1 ROW: G/S, GB/S, OF MEMORY'S  128 ROWS: GFLOP/S",
                        "float32  torch.linear   7.4  29.6  119%                286",
                        "int8     oneDNN        20.1  20.0   80%");
    }

    @Test
    void cachesThatHoldAllOfItAreTold() {
        assertThat(KernelReport.caches(SPEEDS, OptionalLong.empty())).isEmpty();
        assertThat(KernelReport.caches(SPEEDS, OptionalLong.of(32 << 20)))
                .isEqualTo(", more than the largest cache (32 MiB)");
        assertThat(KernelReport.caches(SPEEDS, OptionalLong.of(480 << 20))).contains("holds all of it");
    }

    @Test
    void oneDocumentWithAnObjectForEachFigure() throws IOException {
        JsonNode document = new ObjectMapper().readTree(print(true));
        assertThat(document.path("machine").path("physical_cores").intValue()).isPositive();
        assertThat(document.path("versions").path("jllm").textValue()).isEqualTo("1");
        assertThat(document.path("threads").intValue()).isEqualTo(2);
        assertThat(document.path("matrices_bytes").longValue()).isEqualTo(384L << 20);
        assertThat(document.path("memory_gigabytes_per_second").doubleValue()).isEqualTo(25);
        assertThat(document.path("kernels")).hasSize(3);
        JsonNode last = document.path("kernels").path(2);
        assertThat(last.path("type").textValue()).isEqualTo("int8");
        assertThat(last.path("library").textValue()).isEqualTo("oneDNN");
        assertThat(last.path("rows").intValue()).isOne();
        assertThat(last.path("giga_numbers_per_second").doubleValue()).isEqualTo(20.1);
        assertThat(last.path("gigabytes_per_second").doubleValue()).isEqualTo(20);
        assertThat(last.path("share_of_memory").doubleValue()).isEqualTo(0.8);
        assertThat(last.path("gigaflops").doubleValue()).isEqualTo(40.2);
    }
}
