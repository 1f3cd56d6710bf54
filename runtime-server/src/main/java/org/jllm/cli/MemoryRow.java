package org.jllm.cli;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jllm.Jllm;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.ByteSize;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.ModelSource;
import org.jllm.generation.MemoryNeeds;
import org.jllm.generation.ModelDescription;
import org.jllm.machine.Machine;
import org.jllm.registry.MemoryEstimate;
import org.jllm.registry.MemoryEstimate.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a model takes in one type of numbers.
 *
 * @param engine that computes in it
 * @param disk bytes of its files
 * @param estimated whether the numbers come from the catalogue, and not from the files
 */
record MemoryRow(String engine, long disk, MemoryNeeds needs, boolean estimated) {
    private static final Set<Type> FLOATS = EnumSet.of(Type.FLOAT32, Type.BFLOAT16, Type.FLOAT16);

    /** How a model stands to the memory of this machine. */
    enum Fit {
        FITS,
        /** If other programs gave some back. */
        NOT_NOW,
        TOO_LARGE
    }

    /** All types that come into question, for the context that the settings ask for. */
    static List<MemoryRow> of(ModelSource source, Optional<ModelDescription> files, Jllm jllm) {
        Integer context = jllm.settings().load().context();
        Entry entry = source.entry();
        List<MemoryRow> rows = new ArrayList<>();
        if (files.isPresent()) {
            ofFiles(source, files.get(), jllm).forEach(rows::add);
        } else if (entry != null) {
            Set<Type> types = switch (source.loader()) {
                case "gguf" -> Set.of(Type.Q4_K_M);
                case "onnx" -> Set.of(Type.FLOAT32);
                default -> FLOATS;
            };
            types.forEach(type -> rows.add(estimate(source.loader(), entry, type, context)));
        }
        if (entry != null && entry.siblings().gguf() != null) {
            rows.add(estimate("gguf", entry, Type.Q4_K_M, context));
        }
        return rows;
    }

    private static MemoryRow estimate(String engine, Entry entry, Type type, @Nullable Integer context) {
        return new MemoryRow(
                engine, MemoryEstimate.fileBytes(entry, type), MemoryEstimate.of(entry, type, context), true);
    }

    /** A model that the engine does not run has no such numbers. */
    private static List<MemoryRow> ofFiles(ModelSource source, ModelDescription files, Jllm jllm) {
        List<MemoryRow> rows = new ArrayList<>();
        if (!files.supported()) {
            return rows;
        }
        // The other engines compute in the types that the files hold.
        List<LoadOptions> options = source.loader().equals("transformers")
                ? FLOATS.stream().map(type -> LoadOptions.ofDtype(type.key())).toList()
                : List.of(LoadOptions.none());
        for (LoadOptions each : options) {
            try {
                rows.add(new MemoryRow(source.loader(), files.bytes(), jllm.memory(source.name(), each), false));
            } catch (JllmException e) {
                // Its files are told of elsewhere.
                return List.of();
            }
        }
        return rows;
    }

    Fit fit() {
        if (needs.total() <= Machine.availableBytes().orElse(Machine.memoryBytes())) {
            return Fit.FITS;
        }
        return needs.total() <= Machine.memoryBytes() ? Fit.NOT_NOW : Fit.TOO_LARGE;
    }

    /** The fit in words, with the numbers. */
    String verdict() {
        long free = Machine.availableBytes().orElse(Machine.memoryBytes());
        return switch (fit()) {
            case FITS -> "fits";
            case NOT_NOW -> "not now: " + ByteSize.format(needs.total() - free) + " more would have to be free";
            case TOO_LARGE ->
                "too large: " + ByteSize.format(needs.total() - Machine.memoryBytes()) + " more than this machine has";
        };
    }
}
