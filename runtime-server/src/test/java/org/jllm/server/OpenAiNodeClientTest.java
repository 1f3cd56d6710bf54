package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jllm.onnx.JarModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What OpenAI's own client for JavaScript makes of the server: {@code openai-client.mjs} has the tests, as the client's users
 * would write them. The build fetches the client with npm.
 */
@Timeout(120)
class OpenAiNodeClientTest {
    private static final Path CLIENT = Path.of("npm").toAbsolutePath();

    @Test
    void clientIsServed(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(CLIENT.resolve("node_modules/.package-lock.json")),
                "npm did not fetch OpenAI's client (target/npm.log): it is not tested");
        assumeTrue(hasNode(), "node is not on the PATH: OpenAI's client for it is not tested");
        Path script = folder.resolve("openai-client.mjs");
        try (InputStream resource = OpenAiNodeClientTest.class.getResourceAsStream("openai-client.mjs")) {
            Files.copy(resource, script);
        }
        try (RunningServer server = RunningServer.offering(
                "demo", JarModel.ALL_MINILM.write(folder.resolve("minilm")).toString())) {
            Process node = new ProcessBuilder(
                            "node",
                            script.toString(),
                            CLIENT.toString(),
                            server.baseUrl(),
                            RunningServer.KEY,
                            RunningServer.QUESTION,
                            RunningServer.ANSWER,
                            RunningServer.END_OF_TEXT,
                            "minilm")
                    .redirectErrorStream(true)
                    .start();
            List<String> lines;
            try {
                lines = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
            } finally {
                node.destroy();
            }
            assertThat(lines)
                    .as("tests of the client")
                    .hasSize(15)
                    .allSatisfy(line -> assertThat(line).startsWith("ok "));
            assertThat(node.waitFor()).isZero();
            // What was aborted has ended, and nothing else was hurt.
            while (server.gauge("jllm_requests_running") > 0 || server.gauge("jllm_requests_waiting") > 0) {
                Thread.onSpinWait();
            }
            assertThat(server.outcomes().get("cancelled")).isGreaterThanOrEqualTo(32);
            assertThat(server.outcomes()).doesNotContainKey("error");
        }
    }

    private static boolean hasNode() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
    }
}
