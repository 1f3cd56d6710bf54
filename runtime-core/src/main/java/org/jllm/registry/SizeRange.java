package org.jllm.registry;

import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.InvalidRequestException;
import org.jllm.catalogue.ParameterCount;

/**
 * A condition on the number of parameters: {@code <8b}, {@code <=7b}, {@code >1b}, {@code >=1b}, {@code =7b} or
 * {@code 7b}, {@code 1b..8b} (both ends belong to it), or several of them with commas, which all have to hold.
 */
public final class SizeRange implements Predicate<ParameterCount> {
    private static final Pattern BOUND = Pattern.compile("(<=|>=|<|>|=|)\\s*([\\d.]+\\s*[kmbKMB])");
    private static final Pattern BETWEEN = Pattern.compile("(\\S+?)\\s*(?:\\.\\.|-)\\s*(\\S+)");

    private final Predicate<Long> condition;

    private SizeRange(Predicate<Long> condition) {
        this.condition = condition;
    }

    /** @throws InvalidRequestException if the text is no such condition */
    public static SizeRange parse(String text) {
        Predicate<Long> all = size -> true;
        for (String part : text.split(",", -1)) {
            all = all.and(condition(part.strip())
                    .orElseThrow(
                            () -> new InvalidRequestException("a size is written <8b, >=1.3b, 7b or 1b..8b (k, m or"
                                    + " b for thousands, millions and billions of parameters), not '" + text + "'")));
        }
        return new SizeRange(all);
    }

    private static Optional<Predicate<Long>> condition(String text) {
        Matcher between = BETWEEN.matcher(text);
        if (between.matches()) {
            Optional<Long> least = count(between.group(1));
            Optional<Long> most = count(between.group(2));
            return least.flatMap(from -> most.filter(to -> to >= from).map(to -> size -> size >= from && size <= to));
        }
        Matcher bound = BOUND.matcher(text);
        if (!bound.matches()) {
            return Optional.empty();
        }
        BiPredicate<Long, Long> compare = switch (bound.group(1)) {
            case "<" -> (size, limit) -> size < limit;
            case "<=" -> (size, limit) -> size <= limit;
            case ">" -> (size, limit) -> size > limit;
            case ">=" -> (size, limit) -> size >= limit;
            default -> Long::equals;
        };
        Function<Long, Predicate<Long>> against = limit -> size -> compare.test(size, limit);
        return count(bound.group(2)).map(against);
    }

    private static Optional<Long> count(String text) {
        return ParameterCount.parse(text.replaceAll("\\s", "")).map(ParameterCount::parameters);
    }

    @Override
    public boolean test(ParameterCount size) {
        return condition.test(size.parameters());
    }
}
