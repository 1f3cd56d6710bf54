package org.jllm.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names under which tensors were saved over the years, beside those of today's classes: {@code gamma} and {@code
 * beta} for a norm's weight and bias, {@code module.} before all of them (DataParallel), and the base model's own prefix
 * missing or too many.
 */
final class OldNames {
    private static final String DATA_PARALLEL = "module.";

    /** What old classes saved although it is computed: masks, positions, frequencies. */
    private static final Predicate<String> COMPUTED = Pattern.compile(
                    "(.*\\.)?(rotary_emb\\.(inv_freq|(cos|sin)_cached)|masked_bias|(attn|attention)\\.bias|(position|token_type)_ids)")
            .asMatchPredicate();

    private final String added;
    private final String dropped;

    /**
     * @param wanted names that the architecture knows
     * @param stored names that the checkpoint has
     */
    OldNames(Collection<String> wanted, Collection<String> stored) {
        added = commonPrefix(wanted.stream().toList());
        dropped = commonPrefix(stored.stream().map(OldNames::single).toList());
    }

    /** The first part, with its dot, that more than half of the names share; empty if there is none. */
    private static String commonPrefix(List<String> names) {
        Map<String, Long> counts = names.stream()
                .filter(name -> name.indexOf('.') > 0)
                .map(name -> name.substring(0, name.indexOf('.') + 1))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() * 2 > names.size())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static String single(String name) {
        return name.startsWith(DATA_PARALLEL) ? name.substring(DATA_PARALLEL.length()) : name;
    }

    /** What a stored name may mean, the likeliest first; the first is the name itself. */
    List<String> meanings(String stored) {
        String single = single(stored);
        String modern = single.replaceFirst("(^|\\.)gamma$", "$1weight").replaceFirst("(^|\\.)beta$", "$1bias");
        List<String> meanings = new ArrayList<>(List.of(stored, single, modern));
        for (String name : List.of(single, modern)) {
            meanings.add(added + name);
            if (name.startsWith(dropped)) {
                meanings.add(name.substring(dropped.length()));
            }
        }
        return meanings;
    }

    /** Whether a tensor of that name means nothing, since what is in it is computed today. */
    static boolean isComputed(String name) {
        return COMPUTED.test(name);
    }
}
