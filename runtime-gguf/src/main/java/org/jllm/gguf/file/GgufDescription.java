package org.jllm.gguf.file;

import java.util.List;
import java.util.OptionalInt;
import org.jllm.generation.ModelDescription;
import org.jspecify.annotations.Nullable;

/** What {@code jllm show} says of a file. */
public final class GgufDescription {
    private static final String MODEL = "model";

    private GgufDescription() {}

    /**
     * Describes a file by its header. One that holds no weights, an adapter or a projector is none that can be run.
     *
     * @throws org.jllm.api.InvalidModelException if a key that is needed has a wrong type
     */
    public static ModelDescription of(GgufFile file) {
        String architecture = file.architecture();
        boolean model = file.metadata().textOr("general.type", MODEL).equals(MODEL);
        return new ModelDescription(
                architecture,
                model && Architectures.isKnown(architecture) && !file.tensors().isEmpty(),
                boxed(file.contextLength()),
                boxed(file.vocabularySize()),
                file.parameters(),
                file.bytes(),
                file.quantization(),
                null,
                file.tokenizerModel().orElse(null));
    }

    /**
     * Whether a file is of a model that was made to make vectors of texts.
     *
     * @throws org.jllm.api.InvalidModelException if a key that is needed has a wrong type
     */
    public static boolean isEmbedder(GgufFile file) {
        return Architectures.isEmbedder(file.architecture(), file.metadata());
    }

    /** The {@code model_type}s of Transformers whose models llama.cpp runs, in the order of the alphabet. */
    public static List<String> modelTypes() {
        return Architectures.modelTypes();
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
