package org.jllm.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer as the Python classes of Transformers 4.40 work, {@code PreTrainedTokenizer}: added tokens are cut out of
 * the text, a {@link SubwordModel} does the rest, a {@link Frame} goes around it.
 */
final class PythonTokenizer implements Tokenizer {
    private static final String SPACE_MARK = "▁";

    /**
     * What differs from class to class.
     *
     * @param lowerCase text is lower-cased first, but for its special tokens
     * @param splitSpecialTokens added tokens that are written in a text are text
     * @param cleanUpSpaces decoded text is cleaned up by {@link SpaceCleaner}
     * @param prefixSpace what the classes with {@code legacy=False} put before a text
     * @param normalForm that the whole text is brought into first; null: none
     */
    record Settings(
            boolean lowerCase,
            boolean splitSpecialTokens,
            boolean cleanUpSpaces,
            PrefixSpace prefixSpace,
            Normalizer.@Nullable Form normalForm) {
        Settings(boolean lowerCase, boolean splitSpecialTokens, boolean cleanUpSpaces, PrefixSpace prefixSpace) {
            this(lowerCase, splitSpecialTokens, cleanUpSpaces, prefixSpace, null);
        }
    }

    /** A mark of a space that is put before the whole text, instead of sentencepiece's own before each part of it. */
    enum PrefixSpace {
        /** As the model does by itself. */
        OF_MODEL,
        /** Before the text. */
        ADDED,
        /** Nowhere. */
        LEFT_OUT
    }

    private final SubwordModel model;
    private final AddedVocabulary vocabulary;
    private final AddedTokenSplitter splitter;
    private final Frame frame;
    private final JoinStyle style;
    private final Settings settings;
    private final CaseFolder folder;
    private final int[] addedIds;

    PythonTokenizer(SubwordModel model, AddedVocabulary vocabulary, Frame frame, JoinStyle style, Settings settings) {
        this.model = model.withControl(vocabulary.controlNames());
        this.vocabulary = vocabulary;
        this.frame = frame;
        this.style = style;
        this.settings = settings;
        splitter = new AddedTokenSplitter(vocabulary.addedTokens());
        folder = new CaseFolder(vocabulary.keptByLowerCasing());
        addedIds = vocabulary.idsOfBase();
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        int[] ids = encodeText(text);
        return addSpecialTokens ? frame.single(ids) : ids;
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        return frame.pair(encodeText(MarkedText.of(first)), encodeText(MarkedText.of(second)));
    }

    private int[] encodeText(MarkedText given) {
        MarkedText text = given.withText(Utf8.wellFormed(given.text()));
        if (settings.normalForm != null) {
            text = normalized(text, settings.normalForm);
        }
        boolean ownPrefix =
                settings.prefixSpace != PrefixSpace.OF_MODEL && !text.text().isEmpty();
        if (ownPrefix) {
            text = text.withText(text.text().replace(SPACE_MARK, " "));
            text = settings.prefixSpace == PrefixSpace.ADDED
                    ? MarkedText.of(SPACE_MARK).plus(text)
                    : text;
        }
        if (settings.lowerCase) {
            text = folder.fold(text);
        }
        List<AddedTokenSplitter.Part> parts =
                settings.splitSpecialTokens ? List.of(new AddedTokenSplitter.Part(text, null)) : splitter.split(text);
        Tokens tokens = new Tokens(text.text().length() / 2);
        for (AddedTokenSplitter.Part part : parts) {
            AddedToken token = part.token();
            if (token != null) {
                tokens.addAdded(token.content());
            } else if (!part.text().text().isEmpty()) {
                model.encode(part.text(), tokens);
            }
        }
        return tokens.ids(ownPrefix);
    }

    /** Where literal text begins or ends, the parts are brought into the form by themselves. */
    private static MarkedText normalized(MarkedText text, Normalizer.Form form) {
        if (text.literals().isEmpty()) {
            return MarkedText.of(Normalizer.normalize(text.text(), form));
        }
        MarkedText.Builder result = new MarkedText.Builder(text.text().length());
        int at = 0;
        for (MarkedText.Range range : text.literals()) {
            result.append(Normalizer.normalize(text.text().substring(at, range.start()), form), false);
            result.append(Normalizer.normalize(text.text().substring(range.start(), range.end()), form), true);
            at = range.end();
        }
        return result.append(Normalizer.normalize(text.text().substring(at), form), false)
                .build();
    }

    /** Ids as they come, and the names of the first two. */
    private final class Tokens implements SubwordModel.Output {
        private final IntArray ids;
        private final List<String> first = new ArrayList<>(2);

        Tokens(int capacity) {
            ids = new IntArray(capacity);
        }

        void addAdded(String name) {
            ids.add(vocabulary.idOrUnknown(name));
            note(name);
        }

        @Override
        public void add(int id, String token) {
            // The text of an unknown piece may be the name of an added token.
            ids.add(id == model.unknownId() ? vocabulary.idOrUnknown(token) : addedIds[id]);
            note(token);
        }

        private void note(String name) {
            if (first.size() < 2) {
                first.add(name);
            }
        }

        int[] ids(boolean ownPrefix) {
            boolean spaceBeforeSpecial = ownPrefix
                    && first.size() > 1
                    && first.get(0).equals(SPACE_MARK)
                    && vocabulary.isSpecial(first.get(1));
            return spaceBeforeSpecial ? ids.toArray(1) : ids.toArray();
        }
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        PythonDecoder decoder = PythonDecoder.whole(vocabulary, style, skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            decoder.add(id);
        }
        decoder.end(text);
        return settings.cleanUpSpaces ? SpaceCleaner.clean(text.toString()) : text.toString();
    }

    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        if (!skipSpecialTokens) {
            return new BytesDetokenizer(this, false);
        }
        Detokenizer stream = PythonDecoder.stream(vocabulary, style);
        return settings.cleanUpSpaces ? SpaceCleaner.over(stream) : stream;
    }

    @Override
    public byte[] bytes(int id) {
        String name = vocabulary.token(id);
        return vocabulary.isAdded(id) || id >= model.size() ? Utf8.encode(name) : style.bytes(id, name);
    }

    @Override
    public int leadingSpacesDropped() {
        return style.leadingSpacesDropped();
    }

    @Override
    public String token(int id) {
        return vocabulary.token(id);
    }

    @Override
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public int length() {
        return vocabulary.length();
    }

    @Override
    public SpecialTokens specialTokens() {
        return vocabulary.special();
    }

    @Override
    public void close() {
        model.close();
    }
}
