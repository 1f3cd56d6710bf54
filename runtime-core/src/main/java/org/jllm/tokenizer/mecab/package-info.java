/** Splits Japanese text into the words that MeCab finds, with MeCab's own compiled dictionaries or those of kuromoji. */
@NullMarked
package org.jllm.tokenizer.mecab;

import org.jspecify.annotations.NullMarked;
