package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jllm.cli.CommandLines.Outcome;
import org.jllm.onnx.JarModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a folder that has nothing but a graph. */
@Timeout(120)
class OnnxCommandsTest {
    @TempDir
    private static Path folder;

    private static String model;

    @BeforeAll
    static void write() throws IOException {
        model = JarModel.ALL_MINILM.write(folder.resolve("minilm")).toString();
    }

    @Test
    void showSaysWhatItIs() throws IOException {
        Outcome shown = CommandLines.run("show", model);
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("in F32", "512 tokens", "30522 tokens", "yes, on onnx", "jllm similarity");
        JsonNode facts = new ObjectMapper()
                .readTree(CommandLines.run("show", model, "--json").out());
        assertThat(facts.path("loader").asText()).isEqualTo("onnx");
        assertThat(facts.path("memory").size()).isOne();
        assertThat(CommandLines.run("show", model + "/onnx/model.onnx").out()).contains("yes, on onnx");
    }

    @Test
    void benchMeasuresIt() throws IOException {
        Outcome outcome = CommandLines.run("bench", model, "--sentences", "5", "--repeat", "1", "--json");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(outcome.out());
        assertThat(figures.path("sentences_per_second").doubleValue()).isPositive();
        assertThat(figures.has("smallest_cosine_to_float32")).isFalse();
    }

    @Test
    void whatItCannotDoIsOneLine() {
        Outcome run = CommandLines.run("run", model, "x");
        assertThat(run.code()).isOne();
        assertThat(run.err()).contains("continues no texts").hasLineCount(1);
        Outcome dtype = CommandLines.run("similarity", model, "a", "b", "--dtype", "bfloat16");
        assertThat(dtype.code()).isOne();
        assertThat(dtype.err()).contains("no graph of dtype bfloat16").hasLineCount(1);
        Outcome device = CommandLines.run("similarity", model, "a", "b", "--device", "cuda:0");
        assertThat(device.err()).contains("computes on the CPU").hasLineCount(1);
    }

    @Test
    void libtorchIsNotTouched() throws IOException, InterruptedException {
        Path cache = folder.resolve("cache");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.jllm.cli.Main",
                "similarity",
                model,
                "Mount Fuji is high.",
                "A high mountain.",
                "He likes cats.",
                "--threads",
                "1");
        builder.environment().put("JLLM_CACHE", cache.toString());
        File out = folder.resolve("out").toFile();
        Process process = builder.redirectErrorStream(true).redirectOutput(out).start();
        assertThat(process.waitFor()).as(Files.readString(out.toPath())).isZero();
        try (Stream<Path> unpacked = Files.list(cache)) {
            List<String> names =
                    unpacked.map(path -> path.getFileName().toString()).toList();
            assertThat(names).anyMatch(name -> name.startsWith("onnxruntime-1."));
            assertThat(names).noneMatch(name -> name.startsWith("libtorch"));
        }
    }
}
