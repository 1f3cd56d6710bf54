package org.jllm.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * A model of the sentencepiece library, read from its {@code .model} file: unigram, BPE, word and character models.
 * Encodes and decodes as version 0.1.97 and later of the library do, piece for piece. Safe for use by several threads.
 */
public final class SentencePieceModel {
    private static final byte[] NO_BYTES = {};
    private static final String SPACE_MARK = "▁";

    private final SentencePieceFile file;
    private final Vocabulary vocabulary;
    private final Segmenter segmenter;
    private final SymbolMatcher userDefined;
    private final SentencePieceNormalizer normalizer;
    private final @Nullable SentencePieceNormalizer denormalizer;
    private final BitSet control = new BitSet();

    private SentencePieceModel(SentencePieceFile file) {
        this.file = file;
        vocabulary = new Vocabulary(file);
        List<String> symbols = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.type(id) == PieceType.USER_DEFINED) {
                symbols.add(vocabulary.piece(id));
                control.set(id, SymbolMatcher.isControl(vocabulary.piece(id)));
            }
        }
        userDefined = new SymbolMatcher(symbols);
        segmenter = switch (file.modelType) {
            case SentencePieceFile.UNIGRAM -> new UnigramSegmenter(vocabulary);
            case SentencePieceFile.BPE -> new BpeSegmenter(vocabulary, userDefined);
            case SentencePieceFile.WORD -> new PlainSegmenter(vocabulary, userDefined, true);
            case SentencePieceFile.CHAR -> new PlainSegmenter(vocabulary, userDefined, false);
            default ->
                throw new InvalidModelException(file.name + ": trainer_spec.model_type is " + file.modelType
                        + ", not one of 1 (unigram), 2 (BPE), 3 (word), 4 (char); get the file anew");
        };
        normalizer = new SentencePieceNormalizer(file.normalizer, userDefined);
        SentencePieceNormalizer.Spec back = file.denormalizer;
        denormalizer = back == null || back.charsMap() == null
                ? null
                : new SentencePieceNormalizer(back, new SymbolMatcher(List.of()));
    }

    private SentencePieceModel(SentencePieceModel other, SentencePieceNormalizer.Spec spec) {
        file = other.file;
        vocabulary = other.vocabulary;
        userDefined = other.userDefined;
        segmenter = other.segmenter;
        normalizer = new SentencePieceNormalizer(spec, userDefined);
        denormalizer = other.denormalizer;
        control.or(other.control);
    }

    /**
     * Reads a model.
     *
     * @throws InvalidModelException if the file is damaged or no model
     */
    public static SentencePieceModel load(Path path) {
        return new SentencePieceModel(SentencePieceFile.read(path));
    }

    /** Reads a model from a file's content; {@code name} is what messages call it. */
    static SentencePieceModel parse(byte[] content, String name) {
        return new SentencePieceModel(SentencePieceFile.parse(content, name));
    }

    /** This model with {@code add_dummy_prefix} of its normaliser turned off. */
    SentencePieceModel withoutDummyPrefix() {
        return new SentencePieceModel(this, normalizer.spec().withDummyPrefix(false));
    }

    /** The number of pieces. */
    public int size() {
        return vocabulary.size();
    }

    /** The text of a piece. */
    public String piece(int id) {
        return vocabulary.piece(id);
    }

    /** The id of a piece, that of the unknown piece for what is none. */
    public int id(String piece) {
        return vocabulary.id(piece);
    }

    boolean contains(String piece) {
        return vocabulary.contains(piece);
    }

    PieceType type(int id) {
        return vocabulary.type(id);
    }

    int unknownId() {
        return vocabulary.unknownId;
    }

    SentencePieceFile file() {
        return file;
    }

    /** How many spaces {@link #decode} drops at most from the beginning of a text. */
    int leadingSpacesDropped() {
        SentencePieceNormalizer.Spec spec = normalizer.spec();
        return spec.removeExtraWhitespaces() ? Integer.MAX_VALUE : spec.addDummyPrefix() ? 1 : 0;
    }

    /** User-defined symbols that are kept out of literal text. */
    BitSet controlSymbols() {
        return (BitSet) control.clone();
    }

    /** The ids of a text; user-defined symbols count everywhere. */
    public int[] encode(String text) {
        return encode(MarkedText.of(text), control);
    }

    /** @param notInLiteral ids that a piece with literal text in it must not get */
    int[] encode(MarkedText text, BitSet notInLiteral) {
        IntArray ids = new IntArray(text.text().length() / 2);
        encode(text, notInLiteral, (id, piece) -> ids.add(id));
        return ids.toArray();
    }

    /** @param notInLiteral ids that a piece with literal text in it must not get */
    void encode(MarkedText text, BitSet notInLiteral, PieceSink sink) {
        NormalizedText normalized = normalizer.normalize(Utf8.encode(text.text()), literalBytes(text));
        Segmentation segments = segmenter.segment(normalized, notInLiteral);
        int start = 0;
        for (int i = 0; i < segments.count(); i++) {
            int end = segments.end(i);
            int id = segments.id(i);
            if (id != vocabulary.unknownId) {
                sink.accept(id, vocabulary.piece(id));
            } else if (vocabulary.byteFallback) {
                for (int at = start; at < end; at++) {
                    int byteId = vocabulary.byteId(normalized.bytes()[at] & 0xFF);
                    sink.accept(byteId, vocabulary.piece(byteId));
                }
            } else {
                while (i + 1 < segments.count() && segments.id(i + 1) == vocabulary.unknownId) {
                    end = segments.end(++i);
                }
                sink.accept(id, Utf8.decode(normalized.bytes(), start, end));
            }
            start = end;
        }
    }

    private static BitSet literalBytes(MarkedText text) {
        BitSet bytes = new BitSet(0);
        if (text.literals().isEmpty()) {
            return bytes;
        }
        int at = 0;
        for (int i = 0; i < text.text().length(); ) {
            int point = text.text().codePointAt(i);
            int end = i + Character.charCount(point);
            int length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            bytes.set(at, at + length, text.isLiteral(i, end));
            at += length;
            i = end;
        }
        return bytes;
    }

    /** The text of ids, as the library's {@code decode} gives it: control pieces are left out. */
    public String decode(int... ids) {
        return decode(Arrays.stream(ids).mapToObj(this::piece).toList());
    }

    /** The text of pieces, which need not be in the vocabulary. */
    String decode(List<String> pieces) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        PieceDecoder decoder = decoder();
        for (String piece : pieces) {
            byte[] bytes = decoder.next(piece);
            if (vocabulary.byteValue(vocabulary.id(piece)) >= 0) {
                run.writeBytes(bytes);
            } else {
                flush(run, text);
                text.writeBytes(bytes);
            }
        }
        flush(run, text);
        byte[] bytes = text.toByteArray();
        return denormalizer == null
                ? new String(bytes, StandardCharsets.UTF_8)
                : denormalizer.normalize(bytes, new BitSet(0)).toString();
    }

    /** For the pieces of one text, one after another. The denormaliser of a model that has one is left out. */
    PieceDecoder decoder() {
        return new PieceDecoder(vocabulary, normalizer.spec(), file.unknownSurface);
    }

    /** Whether decoded text is changed as a whole. */
    boolean denormalizes() {
        return denormalizer != null;
    }

    boolean isByte(String piece) {
        return vocabulary.byteValue(vocabulary.id(piece)) >= 0;
    }

    /** The bytes that a piece adds to a running text. A control piece adds its name. */
    byte[] bytes(int id) {
        int value = vocabulary.byteValue(id);
        if (value >= 0) {
            return new byte[] {(byte) value};
        }
        if (id == vocabulary.unknownId) {
            return Utf8.encode(file.unknownSurface);
        }
        String piece = piece(id);
        return isText(id) ? Utf8.encode(piece.replace(SPACE_MARK, " ")) : Utf8.encode(piece);
    }

    private boolean isText(int id) {
        return vocabulary.type(id) != PieceType.CONTROL && id != vocabulary.unknownId;
    }

    private static void flush(ByteArrayOutputStream run, ByteArrayOutputStream text) {
        byte[] bytes = run.size() == 0 ? NO_BYTES : run.toByteArray();
        run.reset();
        for (int at = 0; at < bytes.length; ) {
            int length = Utf8.validLength(bytes, at, bytes.length);
            if (length == 0) {
                text.writeBytes(Utf8.encode(Utf8.REPLACEMENT));
                at++;
            } else {
                text.write(bytes, at, length);
                at += length;
            }
        }
    }
}
