package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jllm.checkpoint.AdaptedWeight;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.Weight;
import org.jllm.checkpoint.pack.Pack;
import org.jllm.checkpoint.pack.PackContent;
import org.jllm.checkpoint.pack.PackFolder;
import org.jllm.checkpoint.pack.PackRequest;
import org.jllm.machine.Machine;
import org.jspecify.annotations.Nullable;

/**
 * The matrices of a model in the form of a kernel: read, if an earlier load has kept them on the disk, else packed, and kept. Used on
 * libtorch's thread only.
 */
final class PackedMatrices {
    /** Begins what packs depend on; another one for another {@link PackFormat}. */
    private static final String VERSION = "1";

    private static final System.Logger LOGGER = System.getLogger(PackedMatrices.class.getName());

    private final ScriptModule module;
    private final Kernel kernel;
    private final PackFolder packs;
    private final @Nullable PackFormat format;
    private final LibTorch torch;

    PackedMatrices(LibTorch torch, ScriptModule module, Kernel kernel, PackFolder packs) {
        this.torch = torch;
        this.module = module;
        this.kernel = kernel;
        this.packs = packs;
        format = format(torch, module, kernel);
    }

    /** Null if the kernel's matrices are not kept: bfloat16 is packed as fast as it is read. */
    private static @Nullable PackFormat format(LibTorch torch, ScriptModule module, Kernel kernel) {
        return switch (kernel) {
            case ONEDNN_INT8, ONEDNN_INT7 ->
                OneDnnMemory.of(torch)
                        .map(memory -> new PackFormat(module, kernel, memory))
                        .orElse(null);
            case FBGEMM_FP16, ENGINE_INT8 -> new PackFormat(module, kernel, null);
            case ONEDNN_BF16, STORED -> null;
        };
    }

    /**
     * Puts the stacks under the names by which the script looks for this form. Those of the same matrices are there once.
     *
     * @param tensors which the script gets
     * @param step owner of what is needed until the script has them
     * @param model owner of what is needed as long as the model
     */
    void put(List<MatrixStack> stacks, Map<String, IValue> tensors, Handles step, Handles model) {
        Map<MatrixStack.Places, MatrixStack> distinct = new LinkedHashMap<>();
        stacks.forEach(stack -> distinct.putIfAbsent(stack.places(), stack));
        List<MatrixStack> all = List.copyOf(distinct.values());
        Optional<PackContent> content = request(all).flatMap(packs::content);
        List<PackedStack> packed = content.flatMap(wanted -> read(wanted, all, isOneDnn() ? model : step))
                .orElseGet(() -> pack(content, all, step, model));
        List<MatrixStack.Places> places = List.copyOf(distinct.keySet());
        for (MatrixStack stack : stacks) {
            packed.get(places.indexOf(stack.places())).putInto(tensors, stack, kernel.form());
        }
    }

    private Optional<List<PackedStack>> read(PackContent content, List<MatrixStack> stacks, Handles owner) {
        PackFormat known = format;
        Optional<Pack> kept = known == null ? Optional.empty() : packs.open(content);
        if (known == null || kept.isEmpty()) {
            return Optional.empty();
        }
        Handles attempt = owner.nested();
        try (Pack pack = kept.get()) {
            Optional<List<PackedStack>> read = known.read(pack, stacks, attempt);
            if (read.isPresent()) {
                owner.own(attempt);
                return read;
            }
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "not read", e);
        }
        attempt.close();
        packs.drop(kept.get());
        return Optional.empty();
    }

    private List<PackedStack> pack(
            Optional<PackContent> content, List<MatrixStack> stacks, Handles step, Handles model) {
        MatrixPacker packer = new MatrixPacker(module, step, kernel);
        List<PackedStack> packed = stacks.stream().map(packer::pack).toList();
        PackFormat known = format;
        if (known == null || content.isEmpty()) {
            return packed;
        }
        Handles memory = model.nested();
        List<PackKeeping.Part> parts = new ArrayList<>();
        try {
            for (int i = 0; i < stacks.size(); i++) {
                parts.addAll(known.parts(stacks.get(i), packed.get(i), memory));
            }
        } catch (RuntimeException e) {
            memory.close();
            LOGGER.log(System.Logger.Level.DEBUG, "not kept", e);
            return packed;
        }
        PackKeeping keeping = new PackKeeping(packs, content.get(), parts, memory);
        if (isOneDnn()) {
            model.own(keeping);
            keeping.start();
        } else {
            // The script packs these once more, and would keep both.
            keeping.run();
            keeping.close();
        }
        return packed;
    }

    /** Empty if these are not kept: with adapters, of which there may be many, or where it would save nothing. */
    private Optional<PackRequest> request(List<MatrixStack> stacks) {
        List<Weight> weights =
                stacks.stream().flatMap(stack -> stack.weights().stream()).toList();
        boolean saves = kernel != Kernel.FBGEMM_FP16 || !weights.stream().allMatch(PackedMatrices::isHalf);
        if (format == null
                || weights.isEmpty()
                || !saves
                || weights.stream().anyMatch(AdaptedWeight.class::isInstance)) {
            return Optional.empty();
        }
        List<Announced> tensors =
                stacks.stream().flatMap(stack -> format.tensors(stack).stream()).toList();
        if (tensors.stream().anyMatch(tensor -> tensor.byteLength() > Integer.MAX_VALUE)) {
            return Optional.empty();
        }
        Set<Path> files = weights.stream()
                .flatMap(weight -> weight.parts().stream())
                .map(StoredTensor::file)
                .collect(Collectors.toSet());
        Path folder = files.stream().sorted().findFirst().orElseThrow().resolveSibling("");
        String recipe = circumstances() + stacks;
        String form = kernel.form().replaceFirst("^\\.q?", "");
        return Optional.of(new PackRequest(folder, form, recipe, files, tensors));
    }

    /** Whether the numbers lie in memory that is not the tensor's own. */
    private boolean isOneDnn() {
        return kernel == Kernel.ONEDNN_INT8 || kernel == Kernel.ONEDNN_INT7;
    }

    /** What packed matrices depend on beside the model's files. */
    private String circumstances() {
        return String.join(
                "\n",
                VERSION,
                kernel.form(),
                torch.version(),
                Machine.instructionSets().toString(),
                System.getenv().getOrDefault("ONEDNN_MAX_CPU_ISA", ""),
                System.getenv().getOrDefault("DNNL_MAX_CPU_ISA", ""),
                ScriptArchive.source("packing"),
                ScriptArchive.source("weights"));
    }

    private static boolean isHalf(Weight weight) {
        return weight instanceof StoredTensor stored && stored.type().bytes() == 2;
    }
}
