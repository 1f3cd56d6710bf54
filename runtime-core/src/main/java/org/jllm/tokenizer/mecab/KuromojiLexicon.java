package org.jllm.tokenizer.mecab;

import com.atilika.kuromoji.dict.TokenInfoDictionary;
import com.atilika.kuromoji.trie.DoubleArrayTrie;

/** The words of a kuromoji jar. */
record KuromojiLexicon(DoubleArrayTrie trie, TokenInfoDictionary tokens) implements Lexicon {
    @Override
    public void find(Sentence sentence, int start, Found found) {
        for (int end = start + 1; end <= sentence.length(); end++) {
            int entry = trie.lookup(sentence.text(start, end), 0, 0);
            if (entry < 0) {
                return;
            }
            if (entry > 0) {
                for (int word : tokens.lookupWordIds(entry)) {
                    found.word(end, tokens.getLeftId(word), tokens.getRightId(word), tokens.getWordCost(word));
                }
            }
        }
    }
}
