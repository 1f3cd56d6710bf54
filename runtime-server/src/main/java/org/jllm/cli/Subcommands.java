package org.jllm.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands under {@code jllm}, by name. */
final class Subcommands {
    /** In the order of the help. */
    private static final List<String> NAMES = List.of(
            "run",
            "serve",
            "ps",
            "list",
            "search",
            "show",
            "pull",
            "rm",
            "import",
            "cache",
            "embed",
            "rerank",
            "fill",
            "classify",
            "similarity",
            "tokenize",
            "convert",
            "verify",
            "bench",
            "perplexity",
            "doctor");

    private Subcommands() {}

    /**
     * Those that a command line needs: the one that it names, since to read the flags of all takes longer than to run one;
     * all where it names none or asks for help before it, for help and for hints.
     */
    static Map<String, Class<?>> wanted(String... arguments) {
        for (String argument : arguments) {
            if (NAMES.contains(argument)) {
                return Map.of(argument, named(argument));
            }
            if (!argument.equals("--debug")) {
                return all();
            }
        }
        return all();
    }

    static Map<String, Class<?>> all() {
        Map<String, Class<?>> all = new LinkedHashMap<>();
        NAMES.forEach(name -> all.put(name, named(name)));
        return all;
    }

    /** No class is loaded but this one. */
    private static Class<?> named(String name) {
        return switch (name) {
            case "run" -> RunCommand.class;
            case "serve" -> ServeCommand.class;
            case "ps" -> PsCommand.class;
            case "list" -> ListCommand.class;
            case "search" -> SearchCommand.class;
            case "show" -> ShowCommand.class;
            case "pull" -> PullCommand.class;
            case "rm" -> RmCommand.class;
            case "import" -> ImportCommand.class;
            case "cache" -> CacheCommand.class;
            case "embed" -> EmbedCommand.class;
            case "rerank" -> RerankCommand.class;
            case "fill" -> FillCommand.class;
            case "classify" -> ClassifyCommand.class;
            case "similarity" -> SimilarityCommand.class;
            case "tokenize" -> TokenizeCommand.class;
            case "convert" -> ConvertCommand.class;
            case "verify" -> VerifyCommand.class;
            case "bench" -> BenchCommand.class;
            case "perplexity" -> PerplexityCommand.class;
            case "doctor" -> DoctorCommand.class;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
