package org.jllm.tokenizer;

/** Each word is a token. */
final class WholeWords implements WordSplitter {
    private final TokenList vocabulary;

    WholeWords(TokenList vocabulary) {
        this.vocabulary = vocabulary;
    }

    @Override
    public void split(String word, SubwordModel.Output output) {
        int id = vocabulary.id(word);
        output.add(id == BaseVocabulary.NONE ? vocabulary.unknownId() : id, word);
    }
}
