package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Decoding as the Python class {@code LlamaTokenizer} does it: {@code _decode} and {@code convert_tokens_to_string}. */
final class LlamaDecoder {
    private static final String SPACE_MARK = "▁";
    private static final byte[] NOTHING = {};

    private final SentencePieceModel model;
    private final AddedVocabulary vocabulary;
    private final boolean legacy;
    private final boolean addPrefixSpace;

    LlamaDecoder(SentencePieceModel model, AddedVocabulary vocabulary, boolean legacy, boolean addPrefixSpace) {
        this.model = model;
        this.vocabulary = vocabulary;
        this.legacy = legacy;
        this.addPrefixSpace = addPrefixSpace;
    }

    String decode(int[] ids, boolean skipSpecialTokens) {
        StringBuilder text = new StringBuilder();
        List<String> run = new ArrayList<>();
        boolean first = true;
        for (int id : ids) {
            String name = vocabulary.token(id);
            if (skipSpecialTokens && vocabulary.special().ids().contains(id)) {
                continue;
            }
            if (!vocabulary.isApart(name)) {
                run.add(name);
                continue;
            }
            String before = join(run);
            if (!before.isEmpty()) {
                text.append(first ? "" : " ").append(before);
                first = false;
            }
            run.clear();
            text.append(first ? "" : " ").append(name);
            first = false;
        }
        if (!run.isEmpty()) {
            text.append(first ? "" : " ").append(join(run));
        }
        return text.toString();
    }

    /** {@code convert_tokens_to_string}. */
    private String join(List<String> tokens) {
        StringBuilder text = new StringBuilder();
        List<String> pieces = new ArrayList<>();
        boolean afterSpecial = false;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (i == 0 && addPrefixSpace && token.startsWith(SPACE_MARK)) {
                token = token.substring(1);
            }
            if (vocabulary.isSpecial(token)) {
                if (!afterSpecial && i != 0 && legacy) {
                    text.append(' ');
                }
                text.append(model.decode(pieces)).append(token);
                pieces.clear();
                afterSpecial = true;
            } else {
                if (afterSpecial && i == 1 && addPrefixSpace && !token.startsWith(SPACE_MARK)) {
                    text.append(' ');
                }
                pieces.add(token);
                afterSpecial = false;
            }
        }
        return text.append(model.decode(pieces)).toString();
    }

    /** {@link #decode} without special tokens, token by token. */
    Detokenizer stream() {
        return new Stream();
    }

    private final class Stream implements Detokenizer {
        private PieceDecoder pieces = model.decoder();
        private boolean startOfRun = true;
        private boolean spaceBeforeRun;
        private boolean empty = true;

        @Override
        public byte[] next(int id) {
            String name = vocabulary.token(id);
            if (vocabulary.special().ids().contains(id)) {
                return NOTHING;
            }
            if (vocabulary.isApart(name)) {
                String text = empty ? name : " " + name;
                pieces = model.decoder();
                startOfRun = true;
                spaceBeforeRun = true;
                empty = false;
                return Utf8.encode(text);
            }
            boolean marked = startOfRun && addPrefixSpace && name.startsWith(SPACE_MARK);
            startOfRun = false;
            byte[] bytes = pieces.next(marked ? name.substring(1) : name);
            if (bytes.length == 0 || !spaceBeforeRun) {
                empty &= bytes.length == 0;
                return bytes;
            }
            spaceBeforeRun = false;
            byte[] spaced = new byte[bytes.length + 1];
            spaced[0] = ' ';
            System.arraycopy(bytes, 0, spaced, 1, bytes.length);
            return spaced;
        }
    }
}
