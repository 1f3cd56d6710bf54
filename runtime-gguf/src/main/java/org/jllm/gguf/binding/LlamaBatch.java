package org.jllm.gguf.binding;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/** {@code struct llama_batch}: arrays with an element a row; exactly one of {@code token} and {@code embd} is given. */
@SuppressWarnings("MemberName") // the names of llama.h
@FieldOrder({"n_tokens", "token", "embd", "pos", "n_seq_id", "seq_id", "logits"})
public final class LlamaBatch extends Structure implements Structure.ByValue {
    public int n_tokens;
    public @Nullable Pointer token;
    public @Nullable Pointer embd;
    public @Nullable Pointer pos;
    public @Nullable Pointer n_seq_id;
    public @Nullable Pointer seq_id;
    public @Nullable Pointer logits;
}
