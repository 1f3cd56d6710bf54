package org.jllm.gguf.binding;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/** {@code struct llama_model_params}. */
@SuppressWarnings("MemberName") // the names of llama.h
@FieldOrder({
    "devices",
    "tensor_buft_overrides",
    "n_gpu_layers",
    "split_mode",
    "load_mode",
    "lazy_mode",
    "main_gpu",
    "tensor_split",
    "progress_callback",
    "progress_callback_user_data",
    "kv_overrides",
    "vocab_only",
    "check_tensors",
    "use_extra_bufts",
    "no_host",
    "no_alloc",
    "load_mtp"
})
public final class LlamaModelParams extends Structure implements Structure.ByValue {
    /** Devices to put layers on, a NULL at the end; null: all that are no CPU. */
    public @Nullable Pointer devices;

    public @Nullable Pointer tensor_buft_overrides;

    /** Layers on these devices; negative: all. */
    public int n_gpu_layers;

    public int split_mode;
    public int load_mode;
    public int lazy_mode;
    public int main_gpu;
    public @Nullable Pointer tensor_split;
    public @Nullable Pointer progress_callback;
    public @Nullable Pointer progress_callback_user_data;
    public @Nullable Pointer kv_overrides;

    /** Load the vocabulary and the metadata, no weights. */
    public byte vocab_only;

    public byte check_tensors;
    public byte use_extra_bufts;
    public byte no_host;

    /** Load the metadata and take no memory for the weights. */
    public byte no_alloc;

    public byte load_mtp;
}
