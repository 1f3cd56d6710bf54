package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jllm.generation.KernelSpeed;
import org.junit.jupiter.api.Test;

/** A line for each kernel, or JSON. */
class KernelReportTest {
    private static final List<KernelSpeed> SPEEDS = List.of(
            new KernelSpeed("float32", "torch.linear", 1, 29.64, 14.8),
            new KernelSpeed("float32", "torch.linear", 128, 4.4, 286.2),
            new KernelSpeed("int8", "oneDNN", 1, 20.1, 40.2));

    private static String print(boolean json) throws JsonProcessingException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        KernelReport.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), json, SPEEDS);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineForEachKernel() throws JsonProcessingException {
        assertThat(print(false).lines())
                .containsExactly(
                        "float32 torch.linear                   1 row  29.6 GB/s, 128 rows   286 GFLOP/s",
                        "int8 oneDNN                            1 row  20.1 GB/s");
    }

    @Test
    void anObjectForEachFigure() throws JsonProcessingException {
        assertThat(print(true))
                .startsWith("[{\"type\":\"float32\",\"library\":\"torch.linear\",\"rows\":1,"
                        + "\"gigabytes_per_second\":29.64,\"gigaflops\":14.8},")
                .endsWith("\"gigaflops\":40.2}]" + System.lineSeparator());
    }
}
