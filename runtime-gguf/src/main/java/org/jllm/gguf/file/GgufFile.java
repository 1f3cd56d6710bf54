package org.jllm.gguf.file;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jllm.api.InvalidModelException;

/**
 * A model in GGUF, version 2 or 3, in one file or split into parts: metadata and the places of its tensors. The weights
 * are not touched. All that llama.cpp relies on has been checked: counts, names, types, that tensors lie one after the
 * other inside the files, that parts belong together,
 * that no token is there twice. Immutable.
 */
public final class GgufFile {
    static final String TOKENS = "tokenizer.ggml.tokens";

    private final List<Path> files;
    private final GgufHeader first;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(List<Path> files, GgufHeader first, Map<String, GgufTensor> tensors) {
        this.files = files;
        this.first = first;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Reads a file, and the other parts if it is a part of a model.
     *
     * @throws org.jllm.api.ModelNotFoundException if the file does not exist
     * @throws org.jllm.api.UnsupportedModelException if llama.cpp does not read this version, byte order or type
     * @throws InvalidModelException if a file is damaged, or the parts contradict each other
     */
    public static GgufFile read(Path file) {
        List<GgufParts.Part> parts = GgufParts.read(file);
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (GgufParts.Part part : parts) {
            for (GgufTensor tensor : part.header().tensors()) {
                GgufTensor other = tensors.putIfAbsent(tensor.name(), tensor);
                if (other != null) {
                    throw new InvalidModelException(part.file() + ": tensor " + Quoted.of(tensor.name()) + " is in "
                            + other.file() + " already");
                }
            }
        }
        GgufFile model = new GgufFile(
                parts.stream().map(GgufParts.Part::file).toList(), parts.get(0).header(), tensors);
        VocabularyCheck.check(model);
        return model;
    }

    /** The files, in the order of the parts: llama.cpp is given the first. */
    public List<Path> files() {
        return files;
    }

    /** The format's version. */
    public int version() {
        return first.version();
    }

    /** What tensors' places are multiples of, in bytes. */
    public int alignment() {
        return first.alignment();
    }

    /** The metadata; of a model in parts, those of the first. */
    public GgufMetadata metadata() {
        return first.metadata();
    }

    /** All tensors by name, in the order of their files and bytes. */
    public Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /**
     * The key {@code general.architecture}, which every model has.
     *
     * @throws InvalidModelException if it is missing
     */
    public String architecture() {
        String architecture = metadata().textOr("general.architecture", "");
        if (architecture.isEmpty()) {
            throw new InvalidModelException(
                    files.get(0) + ": general.architecture is missing, so the architecture is not known");
        }
        return architecture;
    }

    /** What the model calls itself. */
    public Optional<String> name() {
        return metadata().text("general.name");
    }

    /** Positions that the model was made for. */
    public OptionalInt contextLength() {
        return size(architecture() + ".context_length");
    }

    /** Tokens of the vocabulary: the logits of a row. */
    public OptionalInt vocabularySize() {
        Optional<GgufTexts> tokens = metadata().texts(TOKENS);
        return tokens.isPresent() ? OptionalInt.of(tokens.get().size()) : size(architecture() + ".vocab_size");
    }

    /** The default chat template, Jinja source. */
    public Optional<String> chatTemplate() {
        return metadata().text("tokenizer.chat_template");
    }

    /** The kind of tokenizer as llama.cpp calls it: {@code llama}, {@code gpt2}, {@code bert}, {@code t5}, … */
    public Optional<String> tokenizerModel() {
        return metadata().text("tokenizer.ggml.model");
    }

    /** Numbers in all tensors. */
    public long parameters() {
        return tensors.values().stream().mapToLong(GgufTensor::elements).sum();
    }

    /** Bytes of all tensors. */
    public long bytes() {
        return tensors.values().stream().mapToLong(GgufTensor::byteLength).sum();
    }

    /** How the weights are stored, as people write it: {@code Q4_K_M}, {@code Q8_0}, {@code BF16}, … */
    public String quantization() {
        int fileType = metadata().intOr("general.file_type", -1, 0, Integer.MAX_VALUE);
        String name = fileType < 0 ? "" : FileTypes.name(fileType);
        return name.isEmpty() || fileType == FileTypes.ALL_F32 ? majorityType().name() : name;
    }

    /** The type of most bytes; some converters leave {@code general.file_type} out, or at 0. */
    private GgmlType majorityType() {
        Map<GgmlType, Long> bytes = tensors.values().stream()
                .collect(Collectors.groupingBy(GgufTensor::type, Collectors.summingLong(GgufTensor::byteLength)));
        return bytes.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry<GgmlType, Long>::getValue)
                        .thenComparing(entry -> -entry.getKey().id()))
                .map(Map.Entry::getKey)
                .orElse(GgmlType.F32);
    }

    private OptionalInt size(String key) {
        return metadata().has(key)
                ? OptionalInt.of(metadata().intOr(key, 0, 1, Integer.MAX_VALUE))
                : OptionalInt.empty();
    }
}
