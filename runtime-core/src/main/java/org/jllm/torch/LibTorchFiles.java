package org.jllm.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jllm.api.EngineException;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.PackedLibraries;

/** The shared libraries of libtorch and of DJL's binding to it. */
final class LibTorchFiles {
    private static final String REMEDY = "set PYTORCH_LIBRARY_PATH to the folder of a libtorch 2.7.1";

    private LibTorchFiles() {}

    /** The folder with the libraries, unpacked there if they are not yet. */
    static Path unpack(CacheFolder cache) {
        return libraries().unpack(cache);
    }

    /** Whether they are unpacked, so that a start is a matter of a moment. */
    static boolean areUnpacked(CacheFolder cache) {
        return libraries().isUnpacked(cache);
    }

    private static PackedLibraries libraries() {
        Properties torch = properties("/native/lib/pytorch.properties");
        Properties binding = properties("/jnilib/pytorch.properties");
        String flavor = torch.getProperty("flavor");
        String platform = torch.getProperty("classifier");
        List<String> resources = new ArrayList<>();
        for (String library : torch.getProperty("libraries").split(",")) {
            resources.add("/pytorch/" + flavor + '/' + platform + '/' + library);
        }
        resources.add("/jnilib/" + platform + '/' + flavor + '/' + System.mapLibraryName("djl_torch"));
        String version = binding.getProperty("jni_version") + '-' + flavor + '-' + platform;
        return new PackedLibraries("libtorch-", version, resources, REMEDY);
    }

    private static Properties properties(String resource) {
        Properties properties = new Properties();
        try (InputStream in = LibTorchFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new EngineException("no libtorch for this platform (" + System.getProperty("os.name") + ' '
                        + System.getProperty("os.arch") + ") on the class path: " + resource + " is missing; "
                        + REMEDY);
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
