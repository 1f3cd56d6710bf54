package org.jllm.hub;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.api.ModelNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a repository a loader needs.
 *
 * @param kind of loader
 * @param file of {@link Kind#GGUF} and {@link Kind#ONNX}: the name of the one that is wanted, or a part of it; null: as
 *     {@link GgufFiles} chooses, or {@code model.onnx}
 */
record FileSelection(Kind kind, @Nullable String file) {
    /** What the files are for. */
    enum Kind {
        /** Weights in safetensors or, where there are none, of PyTorch; configuration; tokenizer. */
        TRANSFORMERS,
        /** One {@code .gguf} file with its parts. */
        GGUF,
        /** The graph with its data; configuration; tokenizer. */
        ONNX,
        /** Configuration and tokenizer without weights. */
        TOKENIZER,
        /** All but what training has left: formats that are kept as they are. */
        ALL
    }

    /** The small files that say what a model is and how texts become ids. */
    private static final Pattern SMALL = Pattern.compile(
            ".*\\.(json|model|tiktoken|jinja|vocab|codes|bpe|spm)|artifact\\.metadata|[\\w.-]*(merges|vocab|dict|codes|bpe)[\\w.-]*\\.txt",
            Pattern.CASE_INSENSITIVE);
    /** Traces of training, and weights by index for other libraries. */
    private static final Pattern LEFTOVER = Pattern.compile(
            "(optimizer|scheduler|rng_state|trainer_state|training_args|all_results|train_results|eval_results|"
                    + "latest|zero_to_fp32|scaler)[\\w.-]*|.*\\.index\\.json|.*\\.(h5|msgpack|ot|mlmodel|tflite)",
            Pattern.CASE_INSENSITIVE);
    /** Templates beside the default one, and the parts of sentence encoders that follow the model. */
    private static final Pattern FOLDER = Pattern.compile("additional_chat_templates/|\\d+_[A-Za-z]\\w*/");

    private static final String GRAPH = ".onnx";
    private static final long LARGEST_SMALL = 200L << 20;

    FileSelection(Kind kind) {
        this(kind, null);
    }

    /** Indexes of shards that have to be read before {@link #files} can be told. */
    List<RepositoryFile> indexes(RepositoryListing listing) {
        return kind == Kind.TRANSFORMERS
                ? folders(listing)
                        .flatMap(folder -> new WeightFiles(listing, folder).index().stream())
                        .toList()
                : List.of();
    }

    /**
     * The files that are wanted.
     *
     * @param shards the names in an index
     * @throws ModelNotFoundException if the repository has no weights of this kind
     */
    List<RepositoryFile> files(RepositoryListing listing, Function<RepositoryFile, Set<String>> shards) {
        Set<RepositoryFile> wanted = new LinkedHashSet<>();
        switch (kind) {
            case GGUF -> wanted.addAll(GgufFiles.choose(listing, file));
            case ALL ->
                listing.files().stream()
                        .filter(each -> !LEFTOVER.matcher(each.name()).matches()
                                && !each.name().startsWith("."))
                        .forEach(wanted::add);
            case TOKENIZER -> wanted.addAll(small(listing));
            case ONNX -> {
                wanted.addAll(small(listing));
                wanted.addAll(graph(listing, file));
            }
            case TRANSFORMERS -> {
                wanted.addAll(small(listing));
                wanted.addAll(weights(listing, shards));
            }
        }
        return List.copyOf(wanted);
    }

    private static List<RepositoryFile> weights(
            RepositoryListing listing, Function<RepositoryFile, Set<String>> shards) {
        List<RepositoryFile> weights = new ArrayList<>();
        folders(listing).forEach(folder -> weights.addAll(new WeightFiles(listing, folder).files(shards)));
        if (weights.isEmpty()) {
            boolean gguf = listing.files().stream().anyMatch(GgufFiles::isGguf);
            throw new ModelNotFoundException(listing.id() + " has no weights that are known"
                    + (gguf ? ": it has .gguf files, which --engine gguf downloads" : ""));
        }
        return weights;
    }

    /** The root and the folders that belong to a sentence encoder. */
    private static Stream<String> folders(RepositoryListing listing) {
        return listing.files().stream()
                .map(RepositoryFile::folder)
                .filter(folder -> folder.isEmpty() || FOLDER.matcher(folder).matches())
                .distinct();
    }

    private static List<RepositoryFile> small(RepositoryListing listing) {
        return listing.files().stream()
                .filter(each ->
                        each.folder().isEmpty() || FOLDER.matcher(each.folder()).matches())
                .filter(each -> SMALL.matcher(each.name()).matches() && each.size() <= LARGEST_SMALL)
                .filter(each ->
                        !LEFTOVER.matcher(each.name()).matches() && !each.name().startsWith("."))
                .toList();
    }

    private static List<RepositoryFile> graph(RepositoryListing listing, @Nullable String wanted) {
        Set<String> graphs = listing.files().stream()
                .map(RepositoryFile::path)
                .filter(path -> path.endsWith(GRAPH))
                .collect(Collectors.toCollection(TreeSet::new));
        if (graphs.isEmpty()) {
            throw new ModelNotFoundException(listing.id() + " has no ONNX graph");
        }
        if (wanted != null) {
            return withData(listing, GgufFiles.named(listing.id(), GRAPH, graphs, wanted));
        }
        for (String name : List.of("model.onnx", "onnx/model.onnx")) {
            if (graphs.contains(name)) {
                return withData(listing, name);
            }
        }
        return listing.files().stream()
                .filter(each -> each.name().matches(".*\\.onnx([._]data.*)?"))
                .toList();
    }

    private static List<RepositoryFile> withData(RepositoryListing listing, String graph) {
        String data = graph + "_data";
        return listing.files().stream()
                .filter(each -> each.path().equals(graph)
                        || each.path().equals(graph + ".data")
                        || each.path().equals(data)
                        || each.path().startsWith(data + '_'))
                .toList();
    }
}
