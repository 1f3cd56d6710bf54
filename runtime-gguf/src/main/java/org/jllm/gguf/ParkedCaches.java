package org.jllm.gguf;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.HashMap;
import java.util.Map;
import org.jllm.gguf.binding.Llama;
import org.jspecify.annotations.Nullable;

/**
 * The caches of slots for which nothing is computed, copied out of the one cache that all slots share: llama.cpp looks at
 * every cell of it in each step, so a text at rest would slow down those that run. Used in the turn of its decoder.
 */
final class ParkedCaches {
    private final Pointer context;
    private final Map<Integer, Memory> states = new HashMap<>();

    ParkedCaches(Pointer context) {
        this.context = context;
    }

    boolean has(int slot) {
        return states.containsKey(slot);
    }

    /** Copies a sequence out; false if there is no memory for it. */
    boolean park(int slot, int sequence) {
        long bytes = Llama.llama_state_seq_get_size(context, sequence);
        if (bytes <= 0) {
            return false;
        }
        Memory state;
        try {
            state = new Memory(bytes);
        } catch (OutOfMemoryError e) {
            return false;
        }
        if (Llama.llama_state_seq_get_data(context, state, bytes, sequence) != bytes) {
            state.close();
            return false;
        }
        states.put(slot, state);
        return true;
    }

    /** Copies what was parked for a slot into a sequence, which then holds that alone; false if the cache has no room. */
    boolean copy(int slot, int sequence) {
        Memory state = states.get(slot);
        return state != null && Llama.llama_state_seq_set_data(context, state, state.size(), sequence) > 0;
    }

    void forget(int slot) {
        close(states.remove(slot));
    }

    void forgetAll() {
        states.values().forEach(ParkedCaches::close);
        states.clear();
    }

    private static void close(@Nullable Memory state) {
        if (state != null) {
            state.close();
        }
    }
}
