package org.jllm.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.checkpoint.ProtoReader;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code .model} file (sentencepiece_model.proto) that encoding and decoding need. */
final class SentencePieceFile {
    private static final long LARGEST_FILE = 1L << 28;

    static final int UNIGRAM = 1;
    static final int BPE = 2;
    static final int WORD = 3;
    static final int CHAR = 4;

    record Piece(String text, float score, PieceType type) {}

    final String name;
    final List<Piece> pieces = new ArrayList<>();
    int modelType = UNIGRAM;
    boolean byteFallback;
    boolean whitespaceAsSuffix;
    String unknownSurface = " \u2047 ";
    String unknownPiece = "<unk>";
    String bosPiece = "<s>";
    String eosPiece = "</s>";
    String padPiece = "<pad>";
    SentencePieceNormalizer.Spec normalizer = new SentencePieceNormalizer.Spec(null, true, true, true, false);
    SentencePieceNormalizer.@Nullable Spec denormalizer;

    private SentencePieceFile(String name) {
        this.name = name;
    }

    static SentencePieceFile read(Path path) {
        try {
            long size = Files.size(path);
            if (size > LARGEST_FILE) {
                throw new InvalidModelException(path + " is no sentencepiece model: it has " + size
                        + " bytes, more than the " + LARGEST_FILE + " that one may have");
            }
            return parse(Files.readAllBytes(path), path.toString());
        } catch (NoSuchFileException e) {
            throw new ModelNotFoundException(path + " does not exist; get the tokenizer's files", e);
        } catch (IOException e) {
            throw new InvalidModelException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    static SentencePieceFile parse(byte[] content, String name) {
        SentencePieceFile file = new SentencePieceFile(name);
        file.readModel(new ProtoReader(ByteBuffer.wrap(content), name, "a sentencepiece model"));
        SentencePieceNormalizer.Spec spec = file.normalizer;
        file.normalizer = new SentencePieceNormalizer.Spec(
                spec.charsMap(),
                spec.addDummyPrefix(),
                spec.removeExtraWhitespaces(),
                spec.escapeWhitespaces(),
                file.whitespaceAsSuffix);
        return file;
    }

    private void readModel(ProtoReader in) {
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 1 -> pieces.add(readPiece(in.message()));
                case 2 -> readTrainerSpec(in.message());
                case 3 -> normalizer = readNormalizerSpec(in.message());
                case 5 -> denormalizer = readNormalizerSpec(in.message());
                default -> in.skip();
            }
        }
    }

    private Piece readPiece(ProtoReader in) {
        String text = "";
        float score = 0;
        PieceType type = PieceType.NORMAL;
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 1 -> text = in.string();
                case 2 -> score = in.float32();
                case 3 -> type = PieceType.of(in.int32());
                default -> in.skip();
            }
        }
        if (text.isEmpty() || Float.isNaN(score)) {
            throw new InvalidModelException(name + ": piece " + pieces.size() + " has "
                    + (text.isEmpty() ? "no text" : "the score NaN") + "; get the file anew");
        }
        return new Piece(text, score, type);
    }

    private void readTrainerSpec(ProtoReader in) {
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 3 -> modelType = in.int32();
                case 24 -> whitespaceAsSuffix = in.bool();
                case 35 -> byteFallback = in.bool();
                case 44 -> unknownSurface = in.string();
                case 45 -> unknownPiece = orElse(in.string(), unknownPiece);
                case 46 -> bosPiece = orElse(in.string(), bosPiece);
                case 47 -> eosPiece = orElse(in.string(), eosPiece);
                case 48 -> padPiece = orElse(in.string(), padPiece);
                default -> in.skip();
            }
        }
    }

    private SentencePieceNormalizer.Spec readNormalizerSpec(ProtoReader in) {
        CharsMap charsMap = null;
        boolean addDummyPrefix = true;
        boolean removeExtraWhitespaces = true;
        boolean escapeWhitespaces = true;
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 2 -> {
                    byte[] blob = in.bytes();
                    charsMap = blob.length == 0 ? null : new CharsMap(blob, name);
                }
                case 3 -> addDummyPrefix = in.bool();
                case 4 -> removeExtraWhitespaces = in.bool();
                case 5 -> escapeWhitespaces = in.bool();
                default -> in.skip();
            }
        }
        return new SentencePieceNormalizer.Spec(
                charsMap, addDummyPrefix, removeExtraWhitespaces, escapeWhitespaces, false);
    }

    private static String orElse(String value, String fallback) {
        return value.isEmpty() ? fallback : value;
    }
}
