package org.jllm.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** The ways in which the Python classes hand a text to sentencepiece. */
final class SentencePieceCutters {
    private static final String SPACE_MARK = "▁";

    private SentencePieceCutters() {}

    static SentencePieceSubwords.Cutter plain(SentencePieceModel model) {
        return model::encode;
    }

    /**
     * {@code legacy=False} of {@code LlamaTokenizer} and {@code T5Tokenizer}: without its dummy prefix sentencepiece loses a
     * space at the beginning, so the unknown token stands before it and is cut off again.
     *
     * @param model without dummy prefix
     */
    static SentencePieceSubwords.Cutter guarded(SentencePieceModel model, String unknown) {
        int unknownLength = model.encode(unknown).length;
        return (text, notInLiteral, sink) -> {
            if (!text.text().startsWith(SPACE_MARK) && !text.text().startsWith(" ")) {
                model.encode(text, notInLiteral, sink);
                return;
            }
            List<String> pieces = new ArrayList<>();
            IntArray ids = new IntArray(text.text().length());
            model.encode(MarkedText.of(unknown).plus(text), notInLiteral, (id, piece) -> {
                ids.add(id);
                pieces.add(piece);
            });
            int[] all = ids.toArray();
            for (int i = all.length >= unknownLength ? unknownLength : 0; i < all.length; i++) {
                sink.accept(all[i], pieces.get(i));
            }
        };
    }

    /**
     * {@code AlbertTokenizer} and {@code XLNetTokenizer}.
     *
     * @param removeSpace white space becomes single spaces
     * @param keepAccents accents are not taken off
     */
    static SentencePieceSubwords.Cutter albert(
            SentencePieceModel model, boolean removeSpace, boolean keepAccents, boolean lowerCase) {
        return (text, notInLiteral, sink) -> {
            MarkedText prepared = text.mapped(t -> prepare(t, removeSpace, keepAccents, lowerCase));
            model.encode(prepared, notInLiteral, (id, piece) -> splitComma(model, id, piece, sink));
        };
    }

    private static String prepare(String given, boolean removeSpace, boolean keepAccents, boolean lowerCase) {
        String text = removeSpace ? String.join(" ", PythonText.split(given)) : given;
        text = text.replace("``", "\"").replace("''", "\"");
        if (!keepAccents) {
            text = PythonText.withoutCombining(Normalizer.normalize(text, Normalizer.Form.NFKD));
        }
        return lowerCase ? text.toLowerCase(Locale.ROOT) : text;
    }

    /** A comma behind a digit is a piece of its own. */
    private static void splitComma(SentencePieceModel model, int id, String piece, PieceSink sink) {
        int comma = piece.length() - 1;
        if (comma < 1 || piece.charAt(comma) != ',' || !PythonText.isDigit(piece.codePointBefore(comma))) {
            sink.accept(id, piece);
            return;
        }
        List<String> parts = new ArrayList<>();
        model.encode(
                MarkedText.of(piece.substring(0, comma).replace(SPACE_MARK, "")),
                new BitSet(0),
                (partId, part) -> parts.add(part));
        if (!piece.startsWith(SPACE_MARK) && !parts.isEmpty() && parts.get(0).startsWith(SPACE_MARK)) {
            if (parts.get(0).length() == 1) {
                parts.remove(0);
            } else {
                parts.set(0, parts.get(0).substring(1));
            }
        }
        parts.add(",");
        parts.forEach(part -> sink.accept(model.id(part), part));
    }

    /**
     * {@code DebertaV2Tokenizer}.
     *
     * @param splitPunctuation each punctuation character and what is between goes to the model by itself
     */
    static SentencePieceSubwords.Cutter deberta(SentencePieceModel model, boolean lowerCase, boolean splitPunctuation) {
        return (given, notInLiteral, sink) -> {
            MarkedText text = lowerCase ? given.mapped(t -> t.toLowerCase(Locale.ROOT)) : given;
            if (!splitPunctuation) {
                model.encode(text, notInLiteral, sink);
                return;
            }
            BasicTokenizer.splitPunctuation(
                    text.text(), (from, to) -> model.encode(text.subText(from, to), notInLiteral, sink));
        };
    }
}
