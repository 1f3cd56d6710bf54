package org.jllm.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jllm.api.EngineException;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.PackedLibraries;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime in this process: its libraries lie in jllm's cache, and it tells nobody that it runs. */
final class OnnxRuntime {
    /** Where ONNX Runtime's own loader looks for its libraries. */
    private static final String FOLDER = "onnxruntime.native.path";

    private static final String RESOURCES = "/ai/onnxruntime/native/";

    /** How the start went; a failure of a class initializer would come out as an {@link Error}. */
    private record Start(
            @Nullable OrtEnvironment environment, @Nullable RuntimeException failure) {
        static final Start ONCE = once();

        private static Start once() {
            try {
                return new Start(start(), null);
            } catch (RuntimeException e) {
                return new Start(null, e);
            }
        }
    }

    private OnnxRuntime() {}

    /**
     * The environment, started on the first call.
     *
     * @throws org.jllm.api.JllmException if its libraries could not be unpacked or loaded, then and at every later call
     */
    static OrtEnvironment get() {
        OrtEnvironment environment = Start.ONCE.environment;
        if (environment == null) {
            throw Objects.requireNonNull(Start.ONCE.failure);
        }
        return environment;
    }

    /** The folder of its libraries; empty where another user of ONNX Runtime in this process has loaded them. */
    static String libraries() {
        return System.getProperty(FOLDER, "");
    }

    private static OrtEnvironment start() {
        try {
            if (System.getProperty(FOLDER) == null) {
                System.setProperty(FOLDER, unpack().toString());
            }
            // What goes wrong comes as an exception; its log would say it a second time.
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "jllm");
            environment.setTelemetry(false);
            return environment;
        } catch (OrtException | LinkageError e) {
            throw new EngineException("ONNX Runtime does not start on this machine: " + message(e), e);
        }
    }

    private static Path unpack() {
        String platform = platform();
        List<String> resources = List.of(
                RESOURCES + platform + '/' + System.mapLibraryName("onnxruntime"),
                RESOURCES + platform + '/' + System.mapLibraryName("onnxruntime4j_jni"));
        String version = OrtEnvironment.class.getPackage().getImplementationVersion();
        return new PackedLibraries(
                        "onnxruntime-",
                        (version == null ? "unknown" : version) + '-' + platform,
                        resources,
                        "the engine 'onnx' does not run here")
                .unpack(CacheFolder.ofUser());
    }

    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String first = system.startsWith("mac") ? "osx" : system.startsWith("windows") ? "win" : "linux";
        String second = processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor;
        return first + '-' + second;
    }

    /** What an error of ONNX Runtime says, in one line. */
    static String message(Throwable error) {
        String message = error.getMessage();
        return message == null
                ? error.getClass().getSimpleName()
                : message.replaceFirst("^Error code - \\w+ - message: ", "")
                        .strip()
                        .replaceAll("\\s+", " ");
    }
}
