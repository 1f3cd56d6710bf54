package org.jllm.checkpoint.peft;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.StrictJson;

/**
 * What a tensor of an adapter is, by its name.
 *
 * @param role of the tensor
 * @param module that it belongs to, as the reference names it
 * @param target the weight or bias of the model that it changes or replaces
 */
record PeftTensor(StoredTensor stored, Role role, String module, String target) {
    private static final String PREFIX = "base_model.model.";
    private static final Pattern FACTOR = Pattern.compile("(.+)\\.lora_(embedding_)?([AB])(?:\\.[^.]+)?(?:\\.weight)?");
    private static final Pattern OF_ANOTHER_KIND = Pattern.compile(
            ".*\\.(lora_magnitude_vector|lora_E|lora_variant|hada_|lokr_|ia3_|oft_|boft_|vera_|token_adapter|ranknum).*");

    /** What tensors are for. */
    enum Role {
        /** The factor that meets the inputs, [rank, inputs]. */
        A,
        /** The factor that makes the outputs, [outputs, rank]. */
        B,
        /** As A, of an embedding: [rank, vocabulary]. */
        EMBEDDING_A,
        /** As B, of an embedding: [width, rank]. */
        EMBEDDING_B,
        /** It takes the place of a tensor of the base. */
        REPLACEMENT
    }

    /** @param names what the model calls a tensor of the reference */
    static PeftTensor of(StoredTensor stored, UnaryOperator<String> names) {
        String name = stored.name();
        if (!name.startsWith(PREFIX)) {
            throw new InvalidModelException(
                    "tensor " + shown(stored) + " has no name that PEFT gives: they begin with " + PREFIX);
        }
        String inBase = name.substring(PREFIX.length());
        if (OF_ANOTHER_KIND.matcher(inBase).matches() || inBase.matches(".*\\.lora_[AB](\\.[^.]+)?\\.bias")) {
            throw new UnsupportedModelException(
                    "tensor " + shown(stored) + " belongs to a kind of adapter that is not supported; plain LoRA is");
        }
        Matcher factor = FACTOR.matcher(inBase);
        if (factor.matches()) {
            boolean a = factor.group(3).equals("A");
            Role role = factor.group(2) != null ? (a ? Role.EMBEDDING_A : Role.EMBEDDING_B) : (a ? Role.A : Role.B);
            String module = factor.group(1);
            return new PeftTensor(stored, role, module, names.apply(module + ".weight"));
        }
        String target = inBase.replaceFirst("\\.modules_to_save(\\.[^.]+)?\\.(weight|bias)$", ".$2")
                .replaceFirst("\\.base_layer\\.(weight|bias)$", ".$1");
        return new PeftTensor(stored, Role.REPLACEMENT, target.replaceFirst("\\.[^.]+$", ""), names.apply(target));
    }

    /** The tensor with its file, for errors. */
    static String shown(StoredTensor stored) {
        return "'" + StrictJson.bounded(stored.name()) + "' of shape " + stored.shape() + " in " + stored.file();
    }
}
