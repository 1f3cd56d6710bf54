package org.jllm.hub;

/**
 * How DJL behaves in this process. It reads its settings when its native libraries are first needed, so this has to come
 * before.
 */
public final class DjlEnvironment {
    private DjlEnvironment() {}

    /** Keeps DJL off the network, from counting its users and from looking for downloads, and has it unpack into our cache. */
    public static void prepare() {
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ENGINE_CACHE_DIR", CacheFolder.ofUser().root().toString());
    }
}
