package org.jllm.gguf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jllm.api.InvalidModelException;
import org.jllm.api.LoraAdapter;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.file.GgufFile;
import org.jllm.gguf.file.LoraFile;

/**
 * The adapters of a model, which owns them: llama.cpp frees them together with it. They have to be loaded before a context
 * is made, which is then large enough for them.
 */
final class Adapters {
    /** None. */
    static final Adapters NONE = new Adapters(Optional.empty(), new float[0]);

    private final Optional<Memory> handles;
    private final float[] scales;

    private Adapters(Optional<Memory> handles, float[] scales) {
        this.handles = handles;
        this.scales = scales;
    }

    /**
     * Checks that adapters fit a model's file.
     *
     * @throws org.jllm.api.JllmException as {@link LoraFile#check} says
     */
    static void check(List<LoraAdapter> adapters, Path file) {
        if (!adapters.isEmpty()) {
            GgufFile base = GgufFile.read(file);
            adapters.forEach(adapter -> LoraFile.check(adapter.file(), base));
        }
    }

    /** Loads adapters that were checked; those of scale 0 too, so that a file that does not load is never passed over. */
    static Adapters load(LlamaCpp library, LlamaModel model, List<LoraAdapter> adapters) {
        if (adapters.isEmpty()) {
            return NONE;
        }
        Memory handles = new Memory((long) adapters.size() * Native.POINTER_SIZE);
        float[] scales = new float[adapters.size()];
        for (int i = 0; i < scales.length; i++) {
            LoraAdapter adapter = adapters.get(i);
            library.log().forgetError();
            Pointer handle = Llama.llama_adapter_lora_init(
                    model.handle(), LlamaCpp.text(adapter.file().toString()));
            if (handle == null) {
                throw new InvalidModelException(adapter.file() + " cannot be loaded: "
                        + library.log().firstError().orElse("no reason was given"));
            }
            handles.setPointer((long) i * Native.POINTER_SIZE, handle);
            scales[i] = adapter.scale();
        }
        return new Adapters(Optional.of(handles), scales);
    }

    /** Lets a context of the model compute with them. */
    void apply(Pointer context) {
        handles.ifPresent(pointers -> Llama.llama_set_adapters_lora(context, pointers, scales.length, scales));
    }
}
