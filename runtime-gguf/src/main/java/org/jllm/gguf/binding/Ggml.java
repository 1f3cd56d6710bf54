package org.jllm.gguf.binding;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** Functions of {@code ggml-backend.h} that are in the library {@code ggml}. */
@SuppressWarnings("MemberName") // the names of ggml-backend.h
public final class Ggml {
    public static final int DEVICE_TYPE_CPU = 0;
    public static final int DEVICE_TYPE_GPU = 1;
    public static final int DEVICE_TYPE_IGPU = 2;

    private Ggml() {}

    /** Binds the functions to a loaded library. */
    public static void register(NativeLibrary library) {
        Native.register(Ggml.class, library);
    }

    /** Loads the best variant of each backend in a folder. */
    public static native void ggml_backend_load_all_from_path(byte[] folder);

    /** Number of devices of all backends that are loaded. */
    public static native long ggml_backend_dev_count();

    /** A device, from 0 on; lives as long as the process. */
    public static native Pointer ggml_backend_dev_get(long index);

    /** The first device of a type; null if there is none. */
    public static native @Nullable Pointer ggml_backend_dev_by_type(int type);
}
