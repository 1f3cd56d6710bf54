package org.jllm.gguf.binding;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** Functions of {@code ggml-backend.h} and {@code ggml.h} that are in the library {@code ggml-base}. */
@SuppressWarnings("MemberName") // the names of the headers
public final class GgmlBase {
    private GgmlBase() {}

    /** Binds the functions to a loaded library. */
    public static void register(NativeLibrary library) {
        Native.register(GgmlBase.class, library);
    }

    /** The name of a device, such as {@code CPU} or {@code CUDA0}. */
    public static native Pointer ggml_backend_dev_name(Pointer device);

    /** What a device is, in words. */
    public static native Pointer ggml_backend_dev_description(Pointer device);

    /** One of {@code enum ggml_backend_dev_type}. */
    public static native int ggml_backend_dev_type(Pointer device);

    /** The backend that a device belongs to. */
    public static native Pointer ggml_backend_dev_backend_reg(Pointer device);

    /** A function that a backend offers by its name; null if it does not. */
    public static native @Nullable Pointer ggml_backend_reg_get_proc_address(Pointer registry, byte[] name);

    /** Fills {@link GgmlThreadpoolParams} with the defaults for a number of threads. */
    public static native void ggml_threadpool_params_init(Pointer params, int threads);
}
