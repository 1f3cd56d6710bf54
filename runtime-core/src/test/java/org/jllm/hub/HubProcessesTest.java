package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several processes, processes that are killed, disks that fill up. */
@DisabledOnOs(OS.WINDOWS)
class HubProcessesTest {
    private static final String ID = "org/name";

    @TempDir
    Path temp;

    private LocalHub server;
    private final List<Process> processes = new ArrayList<>();
    private final byte[] weights = new byte[300_000];

    @BeforeEach
    void start() throws IOException {
        new Random(2).nextBytes(weights);
        server = LocalHub.start()
                .with(new TestRepository(ID)
                        .with("config.json", "{}")
                        .with("tokenizer.json", "[]")
                        .with("model.safetensors", weights));
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        server.close();
    }

    private Process pull(String before) throws IOException {
        Process process = PullingProcess.start(server.address(), temp, ID, before);
        processes.add(process);
        return process;
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String last(Process process) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output(process).lines().reduce("", (first, second) -> second);
    }

    private void assertIntact() throws IOException {
        Path snapshot = new HuggingFaceCache(temp)
                .find(new org.jllm.catalogue.Location.Repository(ID))
                .orElseThrow();
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(weights);
        try (Stream<Path> blobs = Files.list(temp.resolve("models--org--name/blobs"))) {
            assertThat(blobs).hasSize(3);
        }
    }

    private Path finished() {
        return temp.resolve(
                "models--org--name/blobs/" + TestRepository.Content.of(weights).etag());
    }

    @Test
    void aKilledProcessLeavesWhatTheNextOneEnds() throws Exception {
        // Some ranges come, and all later ones stall.
        server.storageFault(5, (exchange, content) -> false).storageFault(1000, server.stall(1000));
        Process process = pull("");
        assertThat(output(process).readLine()).isEqualTo("receiving");
        process.destroyForcibly().waitFor();
        assertThat(finished()).doesNotExist();
        server.close();
        server = LocalHub.start()
                .with(new TestRepository(ID)
                        .with("config.json", "{}")
                        .with("tokenizer.json", "[]")
                        .with("model.safetensors", weights));
        assertThat(last(pull(""))).isEqualTo("pulled");
        assertIntact();
        long bytes = server.requests.stream()
                .filter(LocalHub.Request::stored)
                .mapToLong(request -> {
                    String[] range =
                            request.range().substring("bytes=".length()).split("-");
                    return Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1;
                })
                .sum();
        assertThat(bytes).isLessThan(weights.length);
    }

    @Test
    void severalProcessesAtOnceDownloadOnce() throws Exception {
        List<Process> pulls = List.of(pull(""), pull(""), pull(""));
        for (Process process : pulls) {
            assertThat(last(process)).isEqualTo("pulled");
        }
        assertIntact();
        assertThat(server.requests.stream().filter(LocalHub.Request::stored)).hasSize((weights.length + 8191) / 8192);
    }

    @Test
    void aDiskThatFillsUpIsToldAndTheNextPullEndsTheJob() throws Exception {
        // The system refuses files of more than 200 KiB: to the program it is a disk that takes no more.
        String failure = last(pull("ulimit -f 200;"));
        assertThat(failure)
                .startsWith("failed cannot write org/name into " + temp)
                .contains("what has come is kept");
        assertThat(finished()).doesNotExist();
        assertThat(last(pull(""))).isEqualTo("pulled");
        assertIntact();
    }
}
