package org.jllm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoadOptionsBuilder;
import org.jllm.generation.MemoryNeeds;
import org.jspecify.annotations.Nullable;

/**
 * A model in one form, as a comparison has it.
 *
 * @param model its name, folder or file
 * @param engine that runs it
 * @param type for people
 */
record ComparedModel(String model, String engine, String type, LoadOptions options) {
    private static final String TRANSFORMERS = "transformers";
    private static final Map<String, String> ENGINES =
            Map.of(TRANSFORMERS, "Transformers", "gguf", "llama.cpp", "onnx", "ONNX Runtime");

    /** The name of an engine for people. */
    static String engineName(String engine) {
        return ENGINES.getOrDefault(engine, engine);
    }

    String engineName() {
        return engineName(engine);
    }

    String name() {
        return engineName() + " " + type;
    }

    MemoryNeeds needs(Jllm jllm) {
        return jllm.memory(model, options);
    }

    /** The forms that matrices of a Transformers model can have; float32 where nothing else tells what the others are worth. */
    static List<ComparedModel> transformers(String model, LoadOptions given, boolean withFloat32) {
        List<ComparedModel> forms = new ArrayList<>();
        forms.add(transformers(model, "int8", null, "int8", given));
        forms.add(transformers(model, "bfloat16", "bfloat16", "none", given));
        if (withFloat32) {
            forms.add(transformers(model, "float32", "float32", "none", given));
        }
        return forms;
    }

    private static ComparedModel transformers(
            String model, String type, @Nullable String dtype, String quantize, LoadOptions given) {
        // A pack would be written to the disk while others are measured.
        LoadOptionsBuilder form =
                options(TRANSFORMERS).packBytes(0).quantize(quantize).dtype(dtype == null ? "auto" : dtype);
        return new ComparedModel(model, TRANSFORMERS, type, form.build().orElse(given));
    }

    /** A file that is computed in the types that it holds. */
    static ComparedModel asStored(Jllm jllm, String model, String engine, LoadOptions given) {
        String type = jllm.describe(model).storedType();
        return new ComparedModel(
                model,
                engine,
                type,
                options(engine).dtype("auto").quantize("none").build().orElse(given));
    }

    private static LoadOptionsBuilder options(String engine) {
        return LoadOptions.builder().engine(engine).device("cpu").promptLookup(0);
    }
}
