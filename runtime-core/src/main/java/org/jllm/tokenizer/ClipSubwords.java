package org.jllm.tokenizer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.InvalidModelException;

/** The byte-pair encoding of CLIP: lower-cased words of letters, digits or signs, the last character marked. */
final class ClipSubwords implements SubwordModel {
    private static final String WORD_END = "</w>";
    private static final String WORD = "'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+";
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    private static final Pattern LITERAL_WORDS = Pattern.compile(WORD, FLAGS);
    private static final Pattern WORDS = Pattern.compile("<\\|startoftext\\|>|<\\|endoftext\\|>|" + WORD, FLAGS);

    private final BasicTokenizer basic = new BasicTokenizer(true, true, false, false, Set.of());
    private final Map<String, Integer> ids;
    private final Map<Integer, String> names;
    private final Map<Long, Integer> ranks;
    private final Map<Long, Integer> merged = new HashMap<>();
    private final int[] byteIds = new int[256];
    private final int[] lastByteIds = new int[256];
    private final int unknownId;
    private final int size;

    /**
     * @param ranks of pairs that are merged, by both ids
     * @param file the vocabulary for messages
     */
    ClipSubwords(Map<String, Integer> ids, Map<Long, Integer> ranks, String unknown, String file) {
        this.ids = Map.copyOf(ids);
        this.ranks = Map.copyOf(ranks);
        names = Inverse.of(ids);
        size = ids.values().stream().max(Integer::compare).orElse(-1) + 1;
        Integer id = ids.get(unknown);
        if (id == null) {
            throw new InvalidModelException(file + " has no token \"" + unknown + "\", which unk_token names");
        }
        unknownId = id;
        ranks.keySet().forEach(pair -> {
            String whole = names.get((int) (pair >>> 32)) + names.get(pair.intValue());
            merged.put(pair, ids.getOrDefault(whole, unknownId));
        });
        for (int b = 0; b < 256; b++) {
            String letter = String.valueOf(ByteAlphabet.toChar((byte) b));
            byteIds[b] = required(letter, file);
            lastByteIds[b] = required(letter + WORD_END, file);
        }
    }

    private int required(String token, String file) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new InvalidModelException(file + " has no token \"" + token + "\"; get the file anew");
        }
        return id;
    }

    @Override
    public void encode(MarkedText text, Output output) {
        String words = String.join(" ", basic.words(text.text(), Set.of()));
        Matcher matcher = (text.literals().isEmpty() ? WORDS : LITERAL_WORDS).matcher(words);
        while (matcher.find()) {
            String word = matcher.group();
            if (word.equals("<|startoftext|>") || word.equals("<|endoftext|>")) {
                int id = id(word);
                output.add(id == NONE ? unknownId : id, word);
            } else {
                encodeWord(Utf8.encode(word), output);
            }
        }
    }

    private void encodeWord(byte[] word, Output output) {
        int[] symbols = new int[word.length];
        for (int i = 0; i < word.length; i++) {
            symbols[i] = (i + 1 < word.length ? byteIds : lastByteIds)[word[i] & 0xFF];
        }
        for (int id : PairMerger.mergeTogether(symbols, (left, right, from, to) -> {
            long pair = (long) left << 32 | right;
            Integer rank = ranks.get(pair);
            return rank == null ? PairMerger.NONE : PairMerger.pair(rank, merged.getOrDefault(pair, unknownId));
        })) {
            output.add(id, token(id));
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int names() {
        return ids.size();
    }

    @Override
    public String token(int id) {
        return names.getOrDefault(id, "");
    }

    @Override
    public int id(String token) {
        return ids.getOrDefault(token, NONE);
    }

    @Override
    public int unknownId() {
        return unknownId;
    }
}
