package org.jllm.gguf;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.List;
import org.jllm.api.JllmException;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.PackedLibraries;

/** JNA's own library. JNA unpacks it into a temporary file at every start, unless it is told where one lies. */
final class JnaLibrary {
    static final String PROPERTY = "jna.boot.library.path";

    private JnaLibrary() {}

    /**
     * Unpacks it once, into jllm's own cache, and tells JNA. Where that fails, and on platforms that the jar has no library
     * for, JNA does as it would. Has no effect once JNA is loaded.
     */
    static void unpack(CacheFolder cache) {
        String platform = Platform.RESOURCE_PREFIX;
        String resource = "/com/sun/jna/" + platform + '/'
                + System.mapLibraryName("jnidispatch").replace(".dylib", ".jnilib");
        if (System.getProperty(PROPERTY) != null || Native.class.getResource(resource) == null) {
            return;
        }
        try {
            var libraries = new PackedLibraries("jna-", Native.VERSION + '-' + platform, List.of(resource), "");
            System.setProperty(PROPERTY, libraries.unpack(cache).toString());
        } catch (JllmException e) {
            System.getLogger(JnaLibrary.class.getName()).log(System.Logger.Level.DEBUG, "not unpacked", e);
        }
    }
}
