package org.jllm.tokenizer;

import java.util.BitSet;

/** A sentencepiece model that gets word after word: {@code SentencepieceTokenizer} of BertJapanese. */
final class SentencePieceWords implements WordSplitter, BaseVocabulary {
    private final SentencePieceModel model;
    private final SentencePieceSubwords.Cutter cutter;

    SentencePieceWords(SentencePieceModel model) {
        this.model = model;
        cutter = SentencePieceCutters.albert(model, true, true, false);
    }

    @Override
    public void split(String word, SubwordModel.Output output) {
        cutter.cut(MarkedText.of(word), new BitSet(0), output::add);
    }

    @Override
    public int size() {
        return model.size();
    }

    @Override
    public String token(int id) {
        return model.piece(id);
    }

    @Override
    public int id(String token) {
        return model.contains(token) ? model.id(token) : NONE;
    }

    @Override
    public int unknownId() {
        return model.unknownId();
    }
}
