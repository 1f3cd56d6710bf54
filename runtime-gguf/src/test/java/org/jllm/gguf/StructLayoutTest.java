package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import org.jllm.gguf.binding.GgmlBase;
import org.jllm.gguf.binding.GgmlThreadpoolParams;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.binding.LlamaContextParams;
import org.jllm.gguf.binding.LlamaModelParams;
import org.jllm.gguf.binding.LlamaQuantizeParams;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The defaults that the library writes stand in the fields where its source puts them. */
class StructLayoutTest {
    @BeforeAll
    static void load() {
        TestModels.library();
    }

    @Test
    void modelParams() {
        LlamaModelParams params = Llama.llama_model_default_params();
        assertThat(params.size()).isEqualTo(80);
        assertThat(params.devices).isNull();
        assertThat(params.tensor_buft_overrides).isNull();
        assertThat(params.n_gpu_layers).isEqualTo(-1);
        assertThat(params.split_mode).isEqualTo(1);
        assertThat(params.load_mode).isEqualTo(-1);
        assertThat(params.lazy_mode).isEqualTo(1);
        assertThat(params.main_gpu).isZero();
        assertThat(params.tensor_split).isNull();
        assertThat(params.progress_callback).isNull();
        assertThat(params.kv_overrides).isNull();
        assertThat(new byte[] {
                    params.vocab_only,
                    params.check_tensors,
                    params.use_extra_bufts,
                    params.no_host,
                    params.no_alloc,
                    params.load_mtp
                })
                .containsExactly(0, 0, 1, 0, 0, 0);
    }

    @Test
    void contextParams() {
        LlamaContextParams params = Llama.llama_context_default_params();
        assertThat(new int[] {
                    params.n_ctx,
                    params.n_batch,
                    params.n_ubatch,
                    params.n_seq_max,
                    params.n_rs_seq,
                    params.n_outputs_max,
                    params.n_outputs_max_per_seq,
                    params.n_threads,
                    params.n_threads_batch,
                    params.ctx_type,
                    params.rope_scaling_type,
                    params.pooling_type,
                    params.attention_type,
                    params.flash_attn_type
                })
                .containsExactly(512, 2048, 512, 1, 0, 0, 1, 4, 4, 0, -1, -1, -1, -1);
        assertThat(new float[] {
                    params.rope_freq_base,
                    params.rope_freq_scale,
                    params.yarn_ext_factor,
                    params.yarn_attn_factor,
                    params.yarn_beta_fast,
                    params.yarn_beta_slow,
                    params.defrag_thold
                })
                .containsExactly(0, 0, -1, -1, -1, -1, -1);
        assertThat(params.yarn_orig_ctx).isZero();
        assertThat(params.cb_eval).isNull();
        // GGML_TYPE_F16
        assertThat(params.type_k).isEqualTo(1);
        assertThat(params.type_v).isEqualTo(1);
        assertThat(params.abort_callback).isNull();
        assertThat(new byte[] {
                    params.embeddings,
                    params.offload_kqv,
                    params.no_perf,
                    params.op_offload,
                    params.swa_full,
                    params.kv_unified
                })
                .containsExactly(0, 1, 1, 1, 1, 0);
        assertThat(params.samplers).isNull();
        assertThat(params.n_samplers).isZero();
        assertThat(params.ctx_other).isNull();
    }

    @Test
    void quantizeParams() {
        LlamaQuantizeParams params = Llama.llama_model_quantize_default_params();
        assertThat(params.nthread).isZero();
        // LLAMA_FTYPE_MOSTLY_Q8_0
        assertThat(params.ftype).isEqualTo(7);
        // GGML_TYPE_COUNT: not said
        assertThat(params.output_tensor_type)
                .isEqualTo(params.token_embedding_type)
                .isPositive();
        assertThat(new byte[] {
                    params.allow_requantize,
                    params.quantize_output_tensor,
                    params.only_copy,
                    params.pure,
                    params.keep_split,
                    params.dry_run
                })
                .containsExactly(0, 1, 0, 0, 0, 0);
        assertThat(params.imatrix).isNull();
        assertThat(params.kv_overrides).isNull();
        assertThat(params.tt_overrides).isNull();
        assertThat(params.prune_layers).isNull();
        assertThat(params.max_buf_size).isEqualTo(8L << 30);
    }

    @Test
    void threadpoolParams() {
        GgmlThreadpoolParams params = new GgmlThreadpoolParams();
        GgmlBase.ggml_threadpool_params_init(params.getPointer(), 3);
        params.read();
        assertThat(params.n_threads).isEqualTo(3);
        assertThat(params.prio).isZero();
        assertThat(params.poll).isEqualTo(50);
        assertThat(params.strict_cpu).isZero();
        assertThat(params.paused).isZero();
        assertThat(params.cpumask).containsOnly(0);
    }
}
