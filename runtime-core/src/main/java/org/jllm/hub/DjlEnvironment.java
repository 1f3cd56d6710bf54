package org.jllm.hub;

/**
 * How DJL behaves in this process. It reads its settings when its native libraries are first needed, so this has to come
 * before.
 */
public final class DjlEnvironment {
    /** Has DJL ask another process for CUDA; while it is set, this one is not looked into. */
    private static final String CUDA_ELSEWHERE = "ai.djl.util.cuda.fork";

    private DjlEnvironment() {}

    /**
     * Keeps DJL off the network, from counting its users and from looking for downloads, and has it unpack into our cache.
     * With jllm's own libraries, which compute on the CPU, it does not look for CUDA either.
     */
    public static void prepare() {
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ENGINE_CACHE_DIR", CacheFolder.ofUser().root().toString());
        if (System.getenv("PYTORCH_LIBRARY_PATH") == null) {
            skipCuda();
        }
    }

    /** DJL looks for CUDA when a class of its is initialised: it would load JNA, unpack its library and ask the linker. */
    private static synchronized void skipCuda() {
        String before = System.getProperty(CUDA_ELSEWHERE);
        System.setProperty(CUDA_ELSEWHERE, "true");
        try {
            Class.forName("ai.djl.util.cuda.CudaUtils");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        } finally {
            if (before == null) {
                System.clearProperty(CUDA_ELSEWHERE);
            } else {
                System.setProperty(CUDA_ELSEWHERE, before);
            }
        }
    }
}
