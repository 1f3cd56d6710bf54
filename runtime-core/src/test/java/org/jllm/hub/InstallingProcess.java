package org.jllm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Another process that installs into a cache; its installer waits for a line, or does not. */
final class InstallingProcess {
    private InstallingProcess() {}

    static Process start(Path root, String name, String mode) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InstallingProcess.class.getName(),
                        root.toString(),
                        name,
                        mode)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) {
        String mode = arguments[2];
        new CacheFolder(Path.of(arguments[0])).install(arguments[1], 1, folder -> {
            Files.writeString(folder.resolve("by"), mode);
            System.out.println("installing");
            if (mode.equals("wait")) {
                System.in.read();
            }
        });
        System.out.println("installed");
    }
}
