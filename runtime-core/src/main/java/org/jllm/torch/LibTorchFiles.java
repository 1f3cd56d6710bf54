package org.jllm.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.jllm.api.EngineException;
import org.jllm.hub.CacheFolder;

/**
 * The shared libraries of libtorch and of DJL's binding to it, which come in jars and have to lie in a folder. They are
 * unpacked once into jllm's own cache, and older versions are removed.
 */
final class LibTorchFiles {
    private static final String PREFIX = "libtorch-";

    private LibTorchFiles() {}

    /** The folder with the libraries, unpacked there if they are not yet. */
    static Path unpack(CacheFolder cache) {
        Properties torch = properties("/native/lib/pytorch.properties");
        Properties binding = properties("/jnilib/pytorch.properties");
        String flavor = torch.getProperty("flavor");
        String platform = torch.getProperty("classifier");
        String bindingLibrary = System.mapLibraryName("djl_torch");
        List<String> resources = List.of(torch.getProperty("libraries").split(",")).stream()
                .map(library -> "/pytorch/" + flavor + '/' + platform + '/' + library)
                .toList();
        String bindingResource = "/jnilib/" + platform + '/' + flavor + '/' + bindingLibrary;
        String name = PREFIX + binding.getProperty("jni_version") + '-' + flavor + '-' + platform;
        long bytes = size(bindingResource)
                + resources.stream().mapToLong(LibTorchFiles::size).sum();
        Path folder = cache.install(name, bytes, target -> {
            for (String resource : resources) {
                copy(resource, target);
            }
            copy(bindingResource, target);
        });
        cache.prune(PREFIX, name);
        return folder;
    }

    private static Properties properties(String resource) {
        Properties properties = new Properties();
        try (InputStream in = open(resource)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    private static InputStream open(String resource) {
        InputStream in = LibTorchFiles.class.getResourceAsStream(resource);
        if (in == null) {
            throw new EngineException("no libtorch for this platform (" + System.getProperty("os.name") + ' '
                    + System.getProperty("os.arch") + ") on the class path: " + resource + " is missing;"
                    + " set PYTORCH_LIBRARY_PATH to the folder of a libtorch 2.7.1");
        }
        return in;
    }

    private static long size(String resource) {
        try {
            return LibTorchFiles.class.getResource(resource).openConnection().getContentLengthLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(String resource, Path folder) throws IOException {
        try (InputStream in = open(resource)) {
            Files.copy(in, folder.resolve(resource.substring(resource.lastIndexOf('/') + 1)));
        }
    }
}
