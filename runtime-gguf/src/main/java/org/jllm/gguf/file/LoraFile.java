package org.jllm.gguf.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnsupportedModelException;

/**
 * Checks that an adapter fits a model, as llama.cpp needs it: of some mistakes it says little, on others it ends the
 * process. Sources: its {@code llama-adapter.cpp} and {@code build_lora_mm} in {@code llama-graph.cpp}, release v0.4.0.
 */
public final class LoraFile {
    private static final String A = ".lora_a";
    private static final String B = ".lora_b";
    private static final String ALPHA = "adapter.lora.alpha";
    private static final String INVOCATION = "adapter.alora.invocation_tokens";
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";
    private static final double MOST_ALPHA = 1e9;
    /** What llama.cpp's converter writes; its kernels do not multiply by all types. */
    private static final Set<GgmlType> TYPES = Set.of(GgmlType.F32, GgmlType.F16, GgmlType.BF16, GgmlType.Q8_0);

    private final Path path;
    private final GgufFile adapter;
    private final GgufFile base;

    private LoraFile(Path path, GgufFile base) {
        this.path = path;
        this.adapter = GgufFile.read(path);
        this.base = base;
    }

    /**
     * Checks an adapter.
     *
     * @throws org.jllm.api.ModelNotFoundException if there is no such file
     * @throws InvalidModelException if it is damaged
     * @throws UnsupportedModelException if it is of a kind that llama.cpp would apply in part or not at all
     * @throws InvalidRequestException if it is no adapter, or the adapter of another model
     */
    public static void check(Path adapter, GgufFile base) {
        LoraFile file = new LoraFile(adapter, base);
        file.checkMetadata();
        file.checkTensors();
    }

    private void checkMetadata() {
        GgufMetadata metadata = adapter.metadata();
        String kind = metadata.textOr("general.type", "model");
        if (!kind.equals("adapter")) {
            throw new InvalidRequestException(
                    path + " is no adapter: its general.type is " + Quoted.of(kind) + ", not 'adapter'");
        }
        String type = metadata.textOr("adapter.type", "");
        if (!type.equals("lora")) {
            throw new UnsupportedModelException(
                    path + " is an adapter of the type " + Quoted.of(type) + "; only 'lora' can be applied");
        }
        if (!adapter.architecture().equals(base.architecture())) {
            throw new InvalidRequestException(path + " is for models of the architecture "
                    + Quoted.of(adapter.architecture()) + ", but " + name() + " is "
                    + Quoted.of(base.architecture()));
        }
        if (metadata.has(ALPHA)) {
            metadata.requireType(ALPHA, GgufValueType.FLOAT32);
            metadata.doubleOr(ALPHA, 0, 0, MOST_ALPHA);
        }
        if (metadata.has(INVOCATION)) {
            throw new UnsupportedModelException(path + " is an activated LoRA (" + INVOCATION
                    + "), which works from a certain token on: only plain ones can be applied");
        }
        if (adapter.files().size() > 1) {
            throw new UnsupportedModelException(
                    path + " is split into parts, which llama.cpp reads of models only: merge them");
        }
    }

    private void checkTensors() {
        if (adapter.tensors().isEmpty()) {
            throw new InvalidModelException(path + " holds no tensors: get it again");
        }
        for (GgufTensor tensor : adapter.tensors().values()) {
            if (tensor.name().endsWith(A)) {
                String target = tensor.name().substring(0, tensor.name().length() - A.length());
                checkPair(target, tensor, other(tensor, target + B));
            } else if (tensor.name().endsWith(B)) {
                other(tensor, tensor.name().substring(0, tensor.name().length() - B.length()) + A);
            } else {
                throw new UnsupportedModelException(path + ": tensor " + Quoted.of(tensor.name())
                        + " is no part of a low-rank pair (" + A + ", " + B + "), and llama.cpp applies nothing else");
            }
        }
    }

    private GgufTensor other(GgufTensor tensor, String name) {
        GgufTensor other = adapter.tensors().get(name);
        if (other == null) {
            throw new InvalidModelException(
                    path + ": tensor " + Quoted.of(tensor.name()) + " has no " + Quoted.of(name) + " beside it");
        }
        return other;
    }

    private void checkPair(String target, GgufTensor a, GgufTensor b) {
        checkType(a);
        checkType(b);
        GgufTensor weight = base.tensors().get(target);
        if (weight == null) {
            throw new InvalidRequestException(path + ": tensor " + Quoted.of(a.name()) + " is for " + Quoted.of(target)
                    + ", which " + name() + " does not have: it is for another model");
        }
        long[] size = sizes(weight);
        if (size[1] == 1 || size[3] != 1) {
            throw new UnsupportedModelException(path + ": tensor " + Quoted.of(a.name()) + " is for "
                    + Quoted.of(target) + " " + weight.dimensions() + ", which is no matrix");
        }
        if (weight.type() == GgmlType.NVFP4) {
            throw new UnsupportedModelException(path + ": tensor " + Quoted.of(a.name()) + " is for "
                    + Quoted.of(target) + " of the type NVFP4, to which llama.cpp applies no adapters");
        }
        if (target.equals(EMBEDDING)) {
            checkEmbedding(a, b, size);
        } else {
            checkShape(a, size[0], rank(b), size[2]);
            checkShape(b, rank(b), size[1], size[2]);
        }
    }

    /** Here both are the other way round: rows of A are looked up by token. */
    private void checkEmbedding(GgufTensor a, GgufTensor b, long[] size) {
        if (!base.tensors().containsKey(OUTPUT)) {
            throw new UnsupportedModelException(path + ": tensor " + Quoted.of(a.name())
                    + " adapts the embeddings, which " + name() + " has as its output too: llama.cpp cannot do that");
        }
        checkShape(a, rank(b), size[1], 1);
        checkShape(b, rank(b), size[0], 1);
    }

    private void checkType(GgufTensor tensor) {
        if (!TYPES.contains(tensor.type())) {
            throw new UnsupportedModelException(path + ": tensor " + Quoted.of(tensor.name()) + " is of the type "
                    + tensor.type() + "; adapters are F32, F16, BF16 or Q8_0: convert it again");
        }
    }

    private void checkShape(GgufTensor tensor, long... expected) {
        long[] found = sizes(tensor);
        if (found[0] != expected[0] || found[1] != expected[1] || found[2] != expected[2] || found[3] != 1) {
            List<Long> shown = new ArrayList<>(List.of(expected[0], expected[1]));
            if (expected[2] != 1) {
                shown.add(expected[2]);
            }
            throw new InvalidRequestException(path + ": tensor " + Quoted.of(tensor.name()) + " is "
                    + tensor.dimensions() + ", but has to be " + shown + " for " + name()
                    + ": it is for another model");
        }
    }

    private Path name() {
        return base.files().get(0);
    }

    /** The inner dimension that both have in common. */
    private static long rank(GgufTensor b) {
        return sizes(b)[0];
    }

    private static long[] sizes(GgufTensor tensor) {
        long[] sizes = {1, 1, 1, 1};
        for (int i = 0; i < tensor.dimensions().size(); i++) {
            sizes[i] = tensor.dimensions().get(i);
        }
        return sizes;
    }
}
