package org.jllm.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jllm.catalogue.HubOptions;
import org.jllm.catalogue.Location;

/** Another process that pulls a repository; says the first bytes, and what went wrong. */
final class PullingProcess {
    private PullingProcess() {}

    /**
     * @param before words of a shell that run first; may be empty
     */
    static Process start(String endpoint, Path cache, String repository, String before) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", before + " exec \"$@\"", "bash"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                PullingProcess.class.getName(),
                endpoint,
                cache.toString(),
                repository));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) {
        Hub hub = new Hub(
                new HubOptions(arguments[0], null, null),
                new HuggingFaceCache(Path.of(arguments[1])),
                Map.of("HOME", arguments[1]),
                new Hub.Conditions(
                        pause -> {}, InstantSource.system(), FreeSpace.OF_DISK, Duration.ofSeconds(20), 8192));
        try {
            hub.pull(
                    new Location.Repository(arguments[2]),
                    new FileSelection(FileSelection.Kind.TRANSFORMERS),
                    null,
                    new PullObserver() {
                        private boolean told;

                        @Override
                        public void progress(long bytes) {
                            if (!told && bytes > 100) {
                                told = true;
                                System.out.println("receiving");
                            }
                        }
                    });
            System.out.println("pulled");
        } catch (RuntimeException e) {
            System.out.println("failed " + e.getMessage());
        }
    }
}
