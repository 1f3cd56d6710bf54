package org.jllm.tokenizer.mecab;

import com.atilika.kuromoji.dict.TokenInfoDictionary;

/** The words of a kuromoji jar. */
record KuromojiLexicon(KuromojiTrie trie, TokenInfoDictionary tokens) implements Lexicon {
    @Override
    public void find(Sentence sentence, int start, Found found) {
        trie.find(sentence, start, (entry, end) -> {
            for (int word : tokens.lookupWordIds(entry)) {
                found.word(end, tokens.getLeftId(word), tokens.getRightId(word), tokens.getWordCost(word));
            }
        });
    }
}
