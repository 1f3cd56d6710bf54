package org.jllm.tokenizer;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;

/** The words of GPT-NeoX Japanese: of the entries of up to three characters that a text begins with the most frequent one. */
final class NeoxJapaneseSubwords implements SubwordModel {
    private static final int LONGEST_WORD = 3;

    private final NeoxJapaneseVocabulary words;
    private final boolean cleans;
    private final int unknownId;
    private final Set<String> control;

    NeoxJapaneseSubwords(NeoxJapaneseVocabulary words, boolean cleans, String unknown) {
        this(words, cleans, unknownId(words, unknown), Set.of());
    }

    private NeoxJapaneseSubwords(NeoxJapaneseVocabulary words, boolean cleans, int unknownId, Set<String> control) {
        this.words = words;
        this.cleans = cleans;
        this.unknownId = unknownId;
        this.control = control;
    }

    private static int unknownId(NeoxJapaneseVocabulary words, String unknown) {
        Integer id = words.ids.get(unknown);
        if (id == null) {
            throw new InvalidModelException(
                    "the vocabulary has no token \"" + unknown + "\", which unk_token names; get the file anew");
        }
        return id;
    }

    @Override
    public SubwordModel withControl(Collection<String> names) {
        return new NeoxJapaneseSubwords(words, cleans, unknownId, Set.copyOf(names));
    }

    @Override
    public void encode(MarkedText marked, Output output) {
        String prepared = prepare(marked.text());
        int[] text = prepared.codePoints().toArray();
        Set<String> barred = marked.literals().isEmpty() ? Set.of() : control;
        for (int start = 0; start < text.length; ) {
            start = encodeNext(text, start, barred, output);
        }
    }

    private int encodeNext(int[] text, int start, Set<String> barred, Output output) {
        int longest = Math.min(text.length, start + (text[start] == '<' ? words.longest + 1 : LONGEST_WORD));
        int best = NONE;
        String bestWord = "";
        int bestEnd = start + 1;
        for (int end = longest; end > start; end--) {
            String word = new String(text, start, end - start);
            int id = barred.contains(word) ? NONE : words.ids.getOrDefault(word, NONE);
            if (id != NONE && (best == NONE || id < best)) {
                best = id;
                bestWord = word;
                bestEnd = end;
            }
            if (id != NONE && text[start] == '<' && end - start > 2) {
                best = id;
                bestWord = word;
                bestEnd = end;
                break;
            }
        }
        if (best != NONE) {
            output.add(best, bestWord);
            return bestEnd;
        }
        int c = text[start];
        if (isSign(c)) {
            add("<KIGOU>", output);
        } else if (c >= 0x2000 && c <= 0x2BFF) {
            add("<U2000U2BFF>", output);
        } else {
            for (byte b : Utf8.encode(Character.toString(c))) {
                add("<|byte" + (b & 0xFF) + "|>", output);
            }
        }
        return start + 1;
    }

    private void add(String word, Output output) {
        output.add(words.ids.getOrDefault(word, unknownId), word);
    }

    private static boolean isSign(int c) {
        return (c >= 0xA1 && c <= 0xBF)
                || (c >= 0x1C0 && c <= 0x1C3)
                || (c >= 0x2B9 && c <= 0x2FF)
                || (c >= 0x300 && c <= 0x362);
    }

    private String prepare(String given) {
        String text = given.replace(" ", "<SP>")
                .replace("\u3000", "<SP>")
                .replace("\r\n", "<BR>")
                .replace("\n", "<BR>")
                .replace("\r", "<BR>")
                .replace("\t", "<TAB>")
                .replace("—", "ー")
                .replace("−", "ー");
        boolean[] present = new boolean[Character.MAX_VALUE + 1];
        for (int i = 0; i < text.length(); i++) {
            present[text.charAt(i)] = true;
        }
        for (Map.Entry<String, String> entry : words.emoji.entrySet()) {
            if (present[entry.getKey().charAt(0)]) {
                text = text.replace(entry.getKey(), entry.getValue());
            }
        }
        return cleans ? NeoxJapaneseCleaner.clean(text) : text;
    }

    @Override
    public int size() {
        return words.words.size();
    }

    @Override
    public int names() {
        return words.lines;
    }

    /** The text of a token, as in Transformers. */
    @Override
    public String token(int id) {
        return words.text(id);
    }

    @Override
    public int id(String token) {
        return words.ids.getOrDefault(token, NONE);
    }

    @Override
    public int unknownId() {
        return unknownId;
    }
}
