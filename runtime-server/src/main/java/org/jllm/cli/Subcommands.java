package org.jllm.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** The commands under {@code jllm}, by name. */
final class Subcommands {
    private Subcommands() {}

    /**
     * Those that a command line needs: the one that it names, since to read the flags of all takes longer than to run one;
     * all where it names none, for help and for hints.
     */
    static Map<String, Class<?>> wanted(String... arguments) {
        Map<String, Class<?>> all = all();
        for (String argument : arguments) {
            Class<?> named = all.get(argument);
            if (named != null) {
                return Map.of(argument, named);
            }
            // The flags of jllm itself take no values.
            if (!argument.startsWith("-") || argument.equals("--")) {
                return all;
            }
        }
        return all;
    }

    /** All, in the order of the help. */
    static Map<String, Class<?>> all() {
        Map<String, Class<?>> all = new LinkedHashMap<>();
        all.put("run", RunCommand.class);
        all.put("serve", ServeCommand.class);
        all.put("ps", PsCommand.class);
        all.put("list", ListCommand.class);
        all.put("search", SearchCommand.class);
        all.put("show", ShowCommand.class);
        all.put("pull", PullCommand.class);
        all.put("rm", RmCommand.class);
        all.put("import", ImportCommand.class);
        all.put("cache", CacheCommand.class);
        all.put("embed", EmbedCommand.class);
        all.put("rerank", RerankCommand.class);
        all.put("fill", FillCommand.class);
        all.put("classify", ClassifyCommand.class);
        all.put("similarity", SimilarityCommand.class);
        all.put("tokenize", TokenizeCommand.class);
        all.put("convert", ConvertCommand.class);
        all.put("verify", VerifyCommand.class);
        all.put("bench", BenchCommand.class);
        all.put("perplexity", PerplexityCommand.class);
        all.put("doctor", DoctorCommand.class);
        return all;
    }
}
