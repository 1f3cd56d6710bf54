package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jllm.api.EngineException;

/**
 * The memory of matrices that oneDNN has packed, which no operator gives away: through functions of libtorch's library. Only with
 * the release that this was written for, on Linux and x86-64. Used on libtorch's thread only.
 */
final class OneDnnMemory {
    private static final String RELEASE = "2.7.1";
    private static final String LIBRARY = "libtorch_cpu.so";
    /** {@code void* at::native::data_ptr_from_mkldnn(const at::Tensor&)}. */
    private static final String BYTES = "_ZN2at6native20data_ptr_from_mkldnnERKNS_6TensorE";
    /** Of libtorch's C interface: a tensor around memory that stays the caller's. */
    private static final String TENSOR = "aoti_torch_create_tensor_from_blob_v2";

    private static final int INT8 = 1;
    private static final int CPU = 0;
    private static final int MKLDNN_LAYOUT = 3;

    private final Function bytes;
    private final Function tensor;

    private OneDnnMemory(NativeLibrary library) {
        bytes = library.getFunction(BYTES);
        tensor = library.getFunction(TENSOR);
    }

    /** Empty where packed matrices stay where they are. */
    static Optional<OneDnnMemory> of(LibTorch torch) {
        boolean known = torch.version().equals(RELEASE)
                && System.getProperty("os.name", "").equals("Linux")
                && System.getProperty("os.arch", "").equals("amd64");
        if (!known) {
            return Optional.empty();
        }
        try {
            Path library = Path.of(torch.libraries()).resolve(LIBRARY);
            return Optional.of(new OneDnnMemory(NativeLibrary.getInstance(library.toString())));
        } catch (LinkageError e) {
            System.getLogger(OneDnnMemory.class.getName()).log(System.Logger.Level.DEBUG, "no packs", e);
            return Optional.empty();
        }
    }

    /**
     * The bytes of a packed matrix, valid as long as it.
     *
     * @param count as libtorch tells it
     */
    ByteBuffer bytes(PtNDArray matrix, long count) {
        Pointer data = bytes.invokePointer(new Object[] {new Pointer(matrix.getHandle())});
        return data.getByteBuffer(0, count);
    }

    /**
     * A packed matrix of bytes that were {@link #bytes}.
     *
     * @param bytes direct, aligned to 64 bytes; have to stay as long as the matrix
     * @param layout as libtorch told it of the matrix that had these bytes, on this processor
     */
    PtNDArray matrix(PtNDManager manager, ByteBuffer bytes, byte[] layout, long outputs, long inputs) {
        Memory sizes = new Memory(2L * Long.BYTES);
        sizes.write(0, new long[] {inputs, outputs}, 0, 2);
        Memory blob = new Memory(layout.length);
        blob.write(0, layout, 0, layout.length);
        PointerByReference made = new PointerByReference();
        int failure = tensor.invokeInt(new Object[] {
            Native.getDirectBufferPointer(bytes),
            2L,
            sizes,
            sizes,
            0L,
            INT8,
            CPU,
            0,
            made,
            MKLDNN_LAYOUT,
            blob,
            (long) layout.length
        });
        if (failure != 0) {
            throw new EngineException("libtorch does not take back a packed matrix");
        }
        return new PtNDArray(manager, Pointer.nativeValue(made.getValue()));
    }
}
