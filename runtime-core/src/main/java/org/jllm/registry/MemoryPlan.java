package org.jllm.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jllm.api.CapacityException;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.ByteSize;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Location;
import org.jllm.generation.ContextChoice;
import org.jllm.generation.MemoryNeeds;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a model needs with the memory that is free, before anything of it is loaded.
 *
 * <p>Mapped weights count in full. Those of their pages that are in memory already count as free, too, so that nothing counts
 * twice; but what does not fit beside the rest would be read from the disk again for every token.
 *
 * @param name of the model
 * @param entry null: it is not of the catalogue
 * @param needs with these options, told without loading anything
 */
public record MemoryPlan(String name, @Nullable Entry entry, Function<LoadOptions, MemoryNeeds> needs) {
    private static final String SMALL_TYPE = "bfloat16";
    private static final String LARGE_TYPE = "float32";
    private static final int LEAST_CONTEXT = 256;

    /**
     * The options to load a model with: those that are given, with a shorter context where none is given and the whole one
     * does not fit.
     *
     * @param free bytes
     * @throws CapacityException if it does not, with the numbers and what would fit
     */
    public LoadOptions fit(LoadOptions options, long free) {
        if (!concerns(options)) {
            return options;
        }
        MemoryNeeds wanted = needs.apply(options);
        if (wanted.total() <= free) {
            return options;
        }
        if (options.context() == null) {
            for (int context = wanted.context() / 2; context >= ContextChoice.LEAST; context /= 2) {
                LoadOptions shorter = withContext(context, options);
                if (needs.apply(shorter).total() <= free) {
                    return shorter;
                }
            }
        }
        List<String> instead = alternatives(options, wanted, free);
        throw new CapacityException(name + " needs " + describe(wanted) + ", but " + ByteSize.format(free)
                + " are free: "
                + (instead.isEmpty()
                        ? "no smaller type or context fits, so free some memory or take a larger machine"
                        : "choose " + String.join(", or ", instead))
                + " (--ignore-memory loads it nevertheless)");
    }

    /** Whether the free memory matters to a model that is loaded with these options. */
    public static boolean concerns(LoadOptions options) {
        String device = options.device();
        boolean elsewhere = device != null && !device.equals("cpu");
        return !elsewhere && !Boolean.TRUE.equals(options.ignoreMemory());
    }

    private static LoadOptions withContext(int context, LoadOptions options) {
        return LoadOptions.builder().context(context).build().orElse(options);
    }

    /** The numbers in words. */
    public static String describe(MemoryNeeds needs) {
        return ByteSize.format(needs.total()) + " of memory (weights in " + needs.type() + " "
                + ByteSize.format(needs.weights()) + ", cache of " + needs.context() + " tokens "
                + ByteSize.format(needs.cache()) + ", workspace " + ByteSize.format(needs.workspace()) + ")";
    }

    /** What would fit: a smaller type, a shorter context, both, the sibling in GGUF. */
    private List<String> alternatives(LoadOptions options, MemoryNeeds wanted, long free) {
        List<String> found = new ArrayList<>();
        LoadOptions smaller = options;
        if (wanted.type().equals(LARGE_TYPE)) {
            smaller = LoadOptions.ofDtype(SMALL_TYPE).orElse(options);
            add(found, "--dtype " + SMALL_TYPE, needs.apply(smaller), free);
        }
        if (found.isEmpty()) {
            boolean typed = smaller != options;
            String flags = (typed ? "--dtype " + SMALL_TYPE + " " : "") + "--context ";
            for (int context = wanted.context() / 2; context >= LEAST_CONTEXT && found.isEmpty(); context /= 2) {
                add(found, flags + context, needs.apply(withContext(context, smaller)), free);
            }
        }
        Location sibling = entry == null ? null : entry.siblings().gguf();
        if (entry != null && sibling != null && !"gguf".equals(options.engine())) {
            MemoryNeeds quantised = MemoryEstimate.of(entry, MemoryEstimate.Type.Q4_K_M, null);
            add(found, "--engine gguf (" + where(sibling) + ", as Q4_K_M)", quantised, free);
        }
        return found;
    }

    private static void add(List<String> found, String flags, MemoryNeeds needs, long free) {
        if (needs.total() <= free) {
            found.add(flags + ", which takes " + ByteSize.format(needs.total()));
        }
    }

    /** Where a sibling is, in few words. */
    static String where(Location location) {
        if (location instanceof Location.Repository repository) {
            return repository.id();
        } else if (location instanceof Location.File file) {
            return file.path().toString();
        }
        return location.toString();
    }
}
