package org.jllm.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jllm.api.EngineException;
import org.jllm.hub.CacheFolder;
import org.jspecify.annotations.Nullable;

/**
 * The libraries of llama.cpp that the build packed as resources. They have to lie side by side in a folder: they are
 * unpacked once into jllm's own cache, and older versions are removed.
 */
final class NativeFiles {
    /** Names another build of llama.cpp: the folder of its libraries. */
    static final String VARIABLE = "JLLM_LLAMA_LIBRARY_PATH";

    private static final String RESOURCES = "natives/";
    private static final String INDEX = "natives.properties";
    private static final String FILE = "file.";
    private static final String PREFIX = "llama.cpp-";

    private NativeFiles() {}

    /** Whether this build has libraries, or another build is named. */
    static boolean present() {
        return given() != null || NativeFiles.class.getResource(RESOURCES + INDEX) != null;
    }

    /**
     * The folder with the libraries, unpacked there if they are not yet.
     *
     * @throws EngineException if this build has none, or {@value #VARIABLE} names no folder
     */
    static Path folder(CacheFolder cache) {
        String given = given();
        return given != null ? folder(given) : unpack(cache);
    }

    private static @Nullable String given() {
        String value = System.getenv(VARIABLE);
        return value == null || value.isBlank() ? null : value;
    }

    static Path folder(String given) {
        Path path = Path.of(given).toAbsolutePath();
        Path folder = Files.isRegularFile(path) ? path.getParent() : path;
        if (folder == null || !Files.isDirectory(folder)) {
            throw new EngineException(
                    VARIABLE + " is " + given + ", which is no folder: name the one that holds libllama");
        }
        return folder;
    }

    /** Whether a folder is named, or the libraries are unpacked, so that loading them is a matter of a moment. */
    static boolean areUnpacked(CacheFolder cache) {
        if (given() != null) {
            return true;
        }
        Properties index = index();
        return isIntact(cache.root().resolve(name(index)), sizes(index));
    }

    private static String name(Properties index) {
        return PREFIX + index.getProperty("version") + '-' + index.getProperty("platform");
    }

    private static Map<String, Long> sizes(Properties index) {
        Map<String, Long> sizes = new TreeMap<>();
        index.stringPropertyNames().stream()
                .filter(key -> key.startsWith(FILE))
                .forEach(key -> sizes.put(key.substring(FILE.length()), Long.valueOf(index.getProperty(key))));
        return sizes;
    }

    static Path unpack(CacheFolder cache) {
        Properties index = index();
        Map<String, Long> sizes = sizes(index);
        String name = name(index);
        long bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
        return cache.install(name, bytes, folder -> isIntact(folder, sizes), folder -> {
            for (String file : sizes.keySet()) {
                try (InputStream in = open(file)) {
                    Files.copy(in, folder.resolve(file));
                }
            }
            cache.prune(PREFIX, name);
        });
    }

    private static boolean isIntact(Path folder, Map<String, Long> sizes) {
        return sizes.entrySet().stream()
                .allMatch(file -> folder.resolve(file.getKey()).toFile().length() == file.getValue());
    }

    private static Properties index() {
        Properties properties = new Properties();
        try (InputStream in = open(INDEX)) {
            properties.load(in);
        } catch (IOException e) {
            throw new EngineException("the libraries of llama.cpp in this build are damaged: " + e.getMessage(), e);
        }
        return properties;
    }

    private static InputStream open(String name) {
        InputStream in = NativeFiles.class.getResourceAsStream(RESOURCES + name);
        if (in == null) {
            throw new EngineException("this build has no llama.cpp for GGUF models (" + name
                    + " is missing): install npm and build again, or set " + VARIABLE
                    + " to the folder of a llama.cpp " + LlamaCpp.RELEASE);
        }
        return in;
    }
}
