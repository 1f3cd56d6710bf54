package org.jllm.cli;

import java.util.Objects;
import java.util.Optional;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoadOptionsBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Flags that say what a model is compared with. */
final class ReferenceFlags {
    private static final String EXACT = "float32";

    @Option(
            names = "--reference",
            description = "Compare with the same model in float32: the divergence of its predictions from these.")
    private boolean same;

    @Option(
            names = "--reference-model",
            paramLabel = "MODEL",
            description = "Compare with another model of the same vocabulary, on the ids of the first one's tokenizer.")
    private @Nullable String other;

    @Option(
            names = "--reference-dtype",
            paramLabel = "TYPE",
            description = "The number type of the reference, instead of float32.")
    private @Nullable String dtype;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** A model to compare with, and how it is loaded. */
    record Reference(String model, LoadOptions options) {}

    /** The reference of a model that is loaded with these options; empty if none was asked for. */
    Optional<Reference> of(Jllm jllm, String model, LoadOptions options) {
        if (!same && other == null && dtype == null) {
            return Optional.empty();
        }
        String name = other == null ? model : other;
        LoadOptions base = other == null ? options : ofMachine(options);
        boolean typed = jllm.engine(name, base).equals("transformers");
        if (other == null && !typed) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    name + " is computed in the types that its file holds, and would be compared with itself: name"
                            + " another model with --reference-model");
        }
        String type = dtype != null ? dtype : typed ? EXACT : null;
        return Optional.of(new Reference(
                name,
                type == null
                        ? base
                        : LoadOptions.builder()
                                .dtype(type)
                                .quantize("none")
                                .build()
                                .orElse(base)));
    }

    /** What is true of the machine, whatever the model. */
    private static LoadOptions ofMachine(LoadOptions options) {
        LoadOptionsBuilder machine = LoadOptions.builder();
        if (options.device() != null) {
            machine.device(options.device());
        }
        if (options.threads() != null) {
            machine.threads(options.threads());
        }
        if (options.ignoreMemory() != null) {
            machine.ignoreMemory(options.ignoreMemory());
        }
        return machine.build();
    }
}
