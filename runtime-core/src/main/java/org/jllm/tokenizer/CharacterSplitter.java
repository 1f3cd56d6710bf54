package org.jllm.tokenizer;

import java.text.Normalizer;

/** Each character of a word, after NFKC, is a token: {@code CharacterTokenizer} of Transformers. */
final class CharacterSplitter implements WordSplitter {
    private final TokenList vocabulary;

    CharacterSplitter(TokenList vocabulary) {
        this.vocabulary = vocabulary;
    }

    @Override
    public void split(String word, SubwordModel.Output output) {
        Normalizer.normalize(word, Normalizer.Form.NFKC).codePoints().forEach(c -> {
            String character = Character.toString(c);
            int id = vocabulary.id(character);
            if (id == BaseVocabulary.NONE) {
                output.add(vocabulary.unknownId(), vocabulary.unknown());
            } else {
                output.add(id, character);
            }
        });
    }
}
