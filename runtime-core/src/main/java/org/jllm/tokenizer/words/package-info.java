/** Words of a text: MeCab with the right dictionary, Sudachi, Juman++, or a text that is cut into words already. */
@NullMarked
package org.jllm.tokenizer.words;

import org.jspecify.annotations.NullMarked;
