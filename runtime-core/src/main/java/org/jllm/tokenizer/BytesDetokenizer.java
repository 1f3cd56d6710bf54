package org.jllm.tokenizer;

import java.util.Arrays;

/** For tokenizers whose tokens each stand for the same bytes everywhere but at the beginning of a text. */
final class BytesDetokenizer implements Detokenizer {
    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private final Utf8Assembler characters = new Utf8Assembler(Utf8Assembler.Invalid.DROP);
    private int spacesToDrop;

    BytesDetokenizer(Tokenizer tokenizer, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        spacesToDrop = tokenizer.leadingSpacesDropped();
    }

    @Override
    public String next(int id) {
        if (skipSpecialTokens && tokenizer.specialTokens().ids().contains(id)) {
            return "";
        }
        byte[] bytes = tokenizer.bytes(id);
        int from = 0;
        while (from < bytes.length && spacesToDrop > 0 && bytes[from] == ' ') {
            from++;
            spacesToDrop--;
        }
        if (from < bytes.length) {
            spacesToDrop = 0;
        }
        StringBuilder text = new StringBuilder();
        characters.add(from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length), text);
        return text.toString();
    }

    @Override
    public String finish() {
        return "";
    }
}
