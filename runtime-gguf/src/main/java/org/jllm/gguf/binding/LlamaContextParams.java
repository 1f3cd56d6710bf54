package org.jllm.gguf.binding;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/** {@code struct llama_context_params}. */
@SuppressWarnings("MemberName") // the names of llama.h
@FieldOrder({
    "n_ctx",
    "n_batch",
    "n_ubatch",
    "n_seq_max",
    "n_rs_seq",
    "n_outputs_max",
    "n_outputs_max_per_seq",
    "n_threads",
    "n_threads_batch",
    "ctx_type",
    "rope_scaling_type",
    "pooling_type",
    "attention_type",
    "flash_attn_type",
    "rope_freq_base",
    "rope_freq_scale",
    "yarn_ext_factor",
    "yarn_attn_factor",
    "yarn_beta_fast",
    "yarn_beta_slow",
    "yarn_orig_ctx",
    "defrag_thold",
    "cb_eval",
    "cb_eval_user_data",
    "type_k",
    "type_v",
    "abort_callback",
    "abort_callback_data",
    "embeddings",
    "offload_kqv",
    "no_perf",
    "op_offload",
    "swa_full",
    "kv_unified",
    "samplers",
    "n_samplers",
    "ctx_other"
})
public final class LlamaContextParams extends Structure implements Structure.ByValue {
    /** Positions in the cache; 0: as many as the model was trained for. */
    public int n_ctx;

    /** Most rows of a {@code llama_decode}; more abort the process. */
    public int n_batch;

    /** Most rows that are computed at once. */
    public int n_ubatch;

    /** Number of sequences, at most {@code llama_max_parallel_sequences()}. */
    public int n_seq_max;

    public int n_rs_seq;
    public int n_outputs_max;
    public int n_outputs_max_per_seq;
    public int n_threads;
    public int n_threads_batch;
    public int ctx_type;
    public int rope_scaling_type;
    public int pooling_type;
    public int attention_type;
    public int flash_attn_type;
    public float rope_freq_base;
    public float rope_freq_scale;
    public float yarn_ext_factor;
    public float yarn_attn_factor;
    public float yarn_beta_fast;
    public float yarn_beta_slow;
    public int yarn_orig_ctx;
    public float defrag_thold;
    public @Nullable Pointer cb_eval;
    public @Nullable Pointer cb_eval_user_data;
    public int type_k;
    public int type_v;
    public @Nullable Pointer abort_callback;
    public @Nullable Pointer abort_callback_data;
    public byte embeddings;
    public byte offload_kqv;
    public byte no_perf;
    public byte op_offload;

    /** A cache of full size for layers with a sliding window, so that it can be rolled back. */
    public byte swa_full;

    /** One buffer for all sequences: they share what they have in common. */
    public byte kv_unified;

    public @Nullable Pointer samplers;
    public long n_samplers;
    public @Nullable Pointer ctx_other;
}
