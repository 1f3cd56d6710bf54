package org.jllm.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/** The files of a tokenizer in a model's folder. */
final class TokenizerFiles {
    private static final Map<String, String> ROLES = Map.of(
            "tokenizer_file", "tokenizer.json",
            "merges_file", "merges.txt",
            "emoji_file", "emoji.json",
            "entity_vocab_file", "entity_vocab.json",
            "special_tokens_map_file", "special_tokens_map.json",
            "added_tokens_file", "added_tokens.json");

    private static final List<String> SENTENCE_PIECE = List.of(
            "spiece.model",
            "tokenizer.model",
            "sentencepiece.bpe.model",
            "spm.model",
            "sentencepiece.model",
            "sp.model");

    private final Path folder;

    TokenizerFiles(Path folder) {
        this.folder = folder;
    }

    /** Files by role that have one name whatever the class is. */
    Map<String, Path> common() {
        Map<String, Path> files = new HashMap<>();
        ROLES.forEach((role, name) -> find(name).ifPresent(file -> files.put(role, file)));
        return files;
    }

    Optional<Path> find(String name) {
        return Optional.of(folder.resolve(name)).filter(Files::isRegularFile);
    }

    /** A sentencepiece model under one of its usual names, or the only file that ends in {@code .model}. */
    Optional<Path> sentencePiece() {
        return SENTENCE_PIECE.stream()
                .flatMap(name -> find(name).stream())
                .findFirst()
                .or(() -> only(".model"));
    }

    /** A {@code tokenizer.json} as the program of Hitachi's models calls it. */
    Optional<Path> jumanppBpe() {
        return find("jumanpp_bpe.json");
    }

    /** The codes and the table of subword-nmt by their roles, if both are there. */
    Map<String, Path> subwordNmt() {
        Optional<Path> codes = find("bpe.txt");
        Optional<Path> table = find("bpe_dict.csv");
        return codes.isPresent() && table.isPresent()
                ? Map.of("codes_file", codes.get(), "table_file", table.get())
                : Map.of();
    }

    /** The kind of the only vocabulary here, if its files are called as no other's. */
    @Nullable
    String kind(Map<String, Path> common) {
        boolean others = common.containsKey("tokenizer_file")
                || sentencePiece().isPresent()
                || find("vocab.txt").isPresent()
                || find("vocab.json").isPresent();
        if (others) {
            return null;
        }
        return !subwordNmt().isEmpty()
                ? TokenizerKinds.SUBWORD_NMT
                : jumanppBpe().isPresent() ? WordKinds.JUMANPP_BPE : null;
    }

    Optional<Path> tiktoken() {
        return only(".tiktoken");
    }

    /** The vocabulary of RWKV World: {@code rwkv_vocab_v….txt}. */
    Optional<Path> rwkv() {
        return list().stream()
                .filter(file -> String.valueOf(file.getFileName()).matches("rwkv_vocab_.*\\.txt"))
                .findFirst();
    }

    /** The fairseq dictionary beside a sentencepiece model: {@code dict.txt}, or named like the model. */
    Optional<Path> dictionary() {
        return find("dict.txt")
                .or(() -> sentencePiece().flatMap(model -> {
                    String name = String.valueOf(model.getFileName());
                    return find(name.substring(0, name.length() - ".model".length()) + ".txt");
                }));
    }

    private Optional<Path> only(String end) {
        List<Path> found = list().stream()
                .filter(file -> String.valueOf(file.getFileName()).endsWith(end))
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private List<Path> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new InvalidModelException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
