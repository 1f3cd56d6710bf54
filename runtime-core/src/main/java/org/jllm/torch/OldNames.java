package org.jllm.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names under which tensors were saved over the years become those of today's classes: {@code gamma} and {@code beta}
 * for a norm's weight and bias, {@code module.} before all of them (DataParallel), and the base model's own prefix
 * missing or too many. Immutable.
 */
final class OldNames implements UnaryOperator<String> {
    private static final String DATA_PARALLEL = "module.";

    /** What old classes saved although it is computed: masks, positions, frequencies. */
    private static final Predicate<String> COMPUTED = Pattern.compile(
                    "(.*\\.)?(rotary_emb\\.(inv_freq|(cos|sin)_cached)"
                            + "|masked_bias|(attn|attention)\\.bias|(position|token_type)_ids)")
            .asMatchPredicate();

    private final Set<String> wanted;
    private final Set<String> places = new HashSet<>();
    private final String added;
    private final String dropped;

    /**
     * @param wanted names that the architecture knows
     * @param stored names that the checkpoint has
     */
    OldNames(Collection<String> wanted, Collection<String> stored) {
        this.wanted = Set.copyOf(wanted);
        for (String name : wanted) {
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                places.add(name.substring(0, dot));
            }
        }
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

    /**
     * What the architecture calls a tensor: a name that it knows, or else one in a place that it knows, for what else lies
     * beside a weight; the name itself, if it means neither.
     */
    @Override
    public String apply(String stored) {
        List<String> meanings = meanings(stored);
        return meanings.stream()
                .filter(wanted::contains)
                .findFirst()
                .or(() -> meanings.stream().filter(this::isInPlace).findFirst())
                .orElse(stored);
    }

    private boolean isInPlace(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && places.contains(name.substring(0, dot));
    }

    /** The likeliest first. */
    private List<String> meanings(String stored) {
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
