package org.jllm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.EngineException;

/**
 * Shared libraries that come in jars and have to lie in a folder. They are unpacked once into jllm's own cache, and those
 * of other versions are removed.
 *
 * @param prefix of the folder's name, which no other library's begins with
 * @param version ends the folder's name; says of which release and for which platform the libraries are
 * @param resources the libraries, from the root of the class path: {@code /…/libname.so}
 * @param remedy what to do where a library is missing, for the error
 */
public record PackedLibraries(String prefix, String version, List<String> resources, String remedy) {
    public PackedLibraries {
        resources = List.copyOf(resources);
    }

    /**
     * The folder with the libraries, unpacked there if they are not yet.
     *
     * @throws EngineException if a library is not on the class path
     * @throws org.jllm.api.JllmException if they cannot be unpacked; says what to do
     */
    public Path unpack(CacheFolder cache) {
        return isUnpacked(cache) ? cache.root().resolve(name()) : install(cache);
    }

    /** Whether that is done already; the jars are not looked into. */
    public boolean isUnpacked(CacheFolder cache) {
        return Files.isDirectory(cache.root().resolve(name()));
    }

    private String name() {
        return prefix + version;
    }

    private Path install(CacheFolder cache) {
        long bytes = resources.stream().mapToLong(this::size).sum();
        return cache.install(name(), bytes, target -> {
            for (String resource : resources) {
                try (InputStream in = url(resource).openStream()) {
                    Files.copy(in, target.resolve(resource.substring(resource.lastIndexOf('/') + 1)));
                }
            }
            cache.prune(prefix, name());
        });
    }

    private URL url(String resource) {
        URL url = PackedLibraries.class.getResource(resource);
        if (url == null) {
            throw new EngineException(resource + " for this platform (" + System.getProperty("os.name") + ' '
                    + System.getProperty("os.arch") + ") is not on the class path: " + remedy);
        }
        return url;
    }

    private long size(String resource) {
        try {
            return url(resource).openConnection().getContentLengthLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
