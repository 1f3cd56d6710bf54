package org.jllm.tokenizer;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.OptionalInt;
import org.jllm.api.InvalidRequestException;
import org.jllm.tokenizer.words.Analyser;

/**
 * The tokenizer of Informatix's RoBERTa: a text is cut into sentences at lines and full stops, and each gets a full stop; it is
 * normalised, made full-width and freed of white space, and Juman++'s words of it are cut into pieces by subword-nmt. A token
 * begins the text and another ends each sentence. Sentences of a single word are left out.
 */
final class SubwordNmtTokenizer implements Tokenizer {
    private static final char FULL_STOP = '。';

    private final SubwordNmt subwords;
    private final SubwordNmtTable table;
    private final Analyser analyser;
    /** Whether text comes with spaces between its words. */
    private final boolean segmented;

    private final AddedTokenSplitter splitter;

    SubwordNmtTokenizer(Path codes, Path table, Analyser analyser, boolean segmented) {
        this.subwords = new SubwordNmt(codes);
        this.table = new SubwordNmtTable(table);
        this.analyser = analyser;
        this.segmented = segmented;
        splitter = new AddedTokenSplitter(this.table.special().byRole().values().stream()
                .distinct()
                .map(AddedToken::special)
                .toList());
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        Ids ids = new Ids(text.text().length(), addSpecialTokens);
        ids.add(text);
        return ids.all.toArray();
    }

    /** The model has seen sentences one behind the other and only one type of tokens. */
    @Override
    public EncodedPair encodePair(String first, String second) {
        Ids ids = new Ids(first.length() + second.length(), true);
        ids.add(MarkedText.of(first));
        ids.add(MarkedText.of(second));
        int[] all = ids.all.toArray();
        return new EncodedPair(all, new int[all.length]);
    }

    /** The ids of a text, sentence by sentence. */
    private final class Ids {
        private final boolean addSpecial;
        final IntArray all;

        /** What was read of the sentence and not cut into words yet. */
        private final StringBuilder rest = new StringBuilder();

        private final IntArray sentence = new IntArray(64);
        private int words;

        Ids(int capacity, boolean addSpecial) {
            this.addSpecial = addSpecial;
            all = new IntArray(capacity);
            if (addSpecial) {
                all.add(SubwordNmtTable.TEXT_START);
            }
        }

        void add(MarkedText text) {
            for (AddedTokenSplitter.Part part : splitter.split(text.withText(Utf8.wellFormed(text.text())))) {
                if (part.token() != null) {
                    cutRest();
                    sentence.add(table.idOrUnknown(part.token().content()));
                    words++;
                } else {
                    addText(part.text().text());
                }
            }
            endSentence();
        }

        private void addText(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\n' || c == FULL_STOP) {
                    endSentence();
                } else {
                    rest.append(c);
                }
            }
        }

        private void endSentence() {
            if (words > 0 || !PythonText.strip(rest.toString()).isEmpty()) {
                rest.append(segmented ? " " : "").append(FULL_STOP);
                cutRest();
                if (words > 1) {
                    all.addAll(sentence.toArray());
                    if (addSpecial) {
                        all.add(SubwordNmtTable.SENTENCE_END);
                    }
                }
            }
            rest.setLength(0);
            sentence.clear();
            words = 0;
        }

        private void cutRest() {
            for (String word : words(rest.toString())) {
                words++;
                subwords.pieces(word).forEach(piece -> sentence.add(table.idOrUnknown(piece)));
            }
            rest.setLength(0);
        }
    }

    private List<String> words(String text) {
        if (!segmented) {
            return analyser.words(wide(text));
        }
        return analyser.words(text).stream()
                .map(SubwordNmtTokenizer::wide)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static String wide(String text) {
        StringBuilder dense = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .codePoints()
                .filter(c -> !PythonText.isSpace(c))
                .forEach(dense::appendCodePoint);
        return WideText.of(dense.toString()).text();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String name = token(id);
            if (!skipSpecialTokens || !isSpecial(id)) {
                text.append(isSpecial(id) ? name : SubwordNmt.surface(name));
            }
        }
        return text.toString();
    }

    @Override
    public byte[] bytes(int id) {
        String name = token(id);
        return Utf8.encode(isSpecial(id) ? name : SubwordNmt.surface(name));
    }

    private boolean isSpecial(int id) {
        return table.special().ids().contains(id);
    }

    @Override
    public String token(int id) {
        if (id < 0 || id >= table.size()) {
            throw new InvalidRequestException(
                    "token id " + id + " is not in this vocabulary (0 to " + (table.size() - 1) + ")");
        }
        return table.name(id);
    }

    @Override
    public OptionalInt id(String token) {
        return table.id(token);
    }

    @Override
    public int size() {
        return table.size();
    }

    @Override
    public SpecialTokens specialTokens() {
        return table.special();
    }

    @Override
    public void close() {
        analyser.close();
    }
}
