package org.jllm.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.jllm.catalogue.WeightFormat;
import org.jspecify.annotations.Nullable;

/**
 * The repositories that a model is made of.
 *
 * @param main its own
 * @param others the base of an adapter, and where its tokenizer comes from
 */
record ModelParts(Part main, List<Part> others) {
    /** What is needed of one repository. */
    record Part(Location.Repository repository, FileSelection selection) {}

    /**
     * The parts of a model for an engine.
     *
     * @param file of several {@code .gguf} or {@code .onnx} files; null: the one that is liked best
     * @return empty if the model is not on the hub
     */
    static Optional<ModelParts> of(ModelSource source, String engine, @Nullable String file) {
        if (!(source.location() instanceof Location.Repository repository)) {
            return Optional.empty();
        }
        Entry entry = source.entry();
        List<Part> others = new ArrayList<>();
        boolean transformers = !engine.equals("gguf") && !engine.equals("onnx");
        if (entry != null && transformers) {
            String base = entry.weights().adapterBase();
            if (base != null) {
                others.add(new Part(new Location.Repository(base), new FileSelection(FileSelection.Kind.TRANSFORMERS)));
            }
            String tokenizer = entry.tokenizer().repository();
            if (tokenizer != null) {
                others.add(
                        new Part(new Location.Repository(tokenizer), new FileSelection(FileSelection.Kind.TOKENIZER)));
            }
        }
        WeightFormat format =
                entry == null ? WeightFormat.TRANSFORMERS : entry.weights().format();
        return Optional.of(new ModelParts(new Part(repository, selection(engine, format, file)), others));
    }

    private static FileSelection selection(String engine, WeightFormat format, @Nullable String file) {
        if (engine.equals("gguf")) {
            return new FileSelection(FileSelection.Kind.GGUF, file);
        }
        if (engine.equals("onnx")) {
            return new FileSelection(FileSelection.Kind.ONNX, file);
        }
        return switch (format) {
            case FAIRSEQ, TENSORFLOW, NEMO, ESPNET, DIFFUSERS -> new FileSelection(FileSelection.Kind.ALL);
            default -> new FileSelection(FileSelection.Kind.TRANSFORMERS);
        };
    }
}
