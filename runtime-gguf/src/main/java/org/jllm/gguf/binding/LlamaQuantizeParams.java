package org.jllm.gguf.binding;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/** {@code struct llama_model_quantize_params}; goes in by its address. */
@SuppressWarnings("MemberName") // the names of llama.h
@FieldOrder({
    "nthread",
    "ftype",
    "output_tensor_type",
    "token_embedding_type",
    "allow_requantize",
    "quantize_output_tensor",
    "only_copy",
    "pure",
    "keep_split",
    "dry_run",
    "imatrix",
    "kv_overrides",
    "tt_overrides",
    "prune_layers",
    "max_buf_size"
})
public final class LlamaQuantizeParams extends Structure implements Structure.ByValue {
    public int nthread;

    /** {@code enum llama_ftype} to write. */
    public int ftype;

    public int output_tensor_type;
    public int token_embedding_type;
    public byte allow_requantize;
    public byte quantize_output_tensor;
    public byte only_copy;
    public byte pure;
    public byte keep_split;
    public byte dry_run;
    public @Nullable Pointer imatrix;
    public @Nullable Pointer kv_overrides;
    public @Nullable Pointer tt_overrides;
    public @Nullable Pointer prune_layers;
    public long max_buf_size;
}
