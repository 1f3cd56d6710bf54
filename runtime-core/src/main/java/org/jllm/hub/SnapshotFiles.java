package org.jllm.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * What of a repository stands in a snapshot, which may come from another program or from a download that was cut.
 *
 * @param folder of the snapshot
 */
record SnapshotFiles(Path folder) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern SHARD = Pattern.compile("[^/\\\\:\\p{Cntrl}]{1,200}");
    private static final Pattern TOKENIZER = Pattern.compile(
            "tokenizer\\.json|.*\\.model|.*vocab.*|.*\\.tiktoken|adapter_config\\.json", Pattern.CASE_INSENSITIVE);

    /** Whether a loader finds what it needs but for the tokenizer, which may come from elsewhere. */
    boolean hasWeights(FileSelection selection) {
        return switch (selection.kind()) {
            case GGUF -> gguf(selection.file()).isPresent();
            case TOKENIZER -> hasTokenizer();
            case ONNX -> has(".*\\.onnx", 2);
            case TRANSFORMERS ->
                isRegular("config.json") || isRegular("adapter_config.json") ? transformersWeights() : false;
            case ALL -> has(".*", 1);
        };
    }

    /** Whether a loader finds all that it needs. */
    boolean isComplete(FileSelection selection) {
        boolean tokenizer = selection.kind() == FileSelection.Kind.GGUF
                || selection.kind() == FileSelection.Kind.ALL
                || hasTokenizer();
        return tokenizer && hasWeights(selection) && modules();
    }

    private boolean hasTokenizer() {
        return names().stream().anyMatch(name -> TOKENIZER.matcher(name).matches() && isRegular(name));
    }

    private boolean transformersWeights() {
        for (String form : List.of("model.safetensors", "pytorch_model.bin")) {
            if (isRegular(form)) {
                return true;
            }
            Path index = folder.resolve(form + ".index.json");
            if (Files.isRegularFile(index)) {
                try {
                    return shards(index).stream().allMatch(this::isRegular);
                } catch (InvalidModelException e) {
                    return false;
                }
            }
        }
        return names().stream()
                .anyMatch(name -> name.matches(".*\\.(safetensors|bin|pth|pt)")
                        && !name.matches(".*-\\d{5}-of-\\d{5}\\..*|training_args\\.bin")
                        && isRegular(name));
    }

    /** The parts of a sentence encoder, which {@code modules.json} lists. */
    private boolean modules() {
        Path list = folder.resolve("modules.json");
        if (!Files.isRegularFile(list)) {
            return true;
        }
        try {
            for (JsonNode module : MAPPER.readTree(list.toFile())) {
                String path = module.path("path").asText();
                boolean needsConfig = module.path("type").asText().matches(".*\\.(Pooling|Dense)");
                if (needsConfig && !path.isEmpty() && !isRegular(path + "/config.json")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * The file that llama.cpp opens: the first part of a complete one.
     *
     * @param wanted a part of its name; null: the one that is liked best
     */
    Optional<Path> gguf(@Nullable String wanted) {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.filter(file -> GgufFiles.isGguf(String.valueOf(file.getFileName())))
                    .filter(file -> wanted == null
                            || file.toString().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT)))
                    .filter(file -> GgufFiles.isFirst(String.valueOf(file.getFileName())))
                    .filter(file -> GgufFiles.parts(String.valueOf(file.getFileName())).stream()
                            .allMatch(part -> Files.isRegularFile(file.resolveSibling(part))))
                    .min(Comparator.comparingInt((Path file) -> GgufFiles.rank(String.valueOf(file.getFileName())))
                            .thenComparing(Path::toString));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The files that an index of weights names.
     *
     * @throws InvalidModelException if it is no index, or names what is no file beside it
     */
    static Set<String> shards(Path index) {
        JsonNode map;
        try {
            map = MAPPER.readTree(index.toFile()).path("weight_map");
        } catch (IOException e) {
            throw new InvalidModelException(index + " is no index of weights", e);
        }
        Set<String> names = new TreeSet<>();
        map.forEach(name -> names.add(name.asText()));
        if (names.isEmpty()
                || !names.stream().allMatch(name -> SHARD.matcher(name).matches())) {
            throw new InvalidModelException(index + " is no index of weights");
        }
        return names;
    }

    private boolean isRegular(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.endsWith(HuggingFaceCache.TEMPORARY))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean has(String pattern, int depth) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.anyMatch(file -> Files.isRegularFile(file)
                    && String.valueOf(file.getFileName()).matches(pattern));
        } catch (IOException e) {
            return false;
        }
    }
}
