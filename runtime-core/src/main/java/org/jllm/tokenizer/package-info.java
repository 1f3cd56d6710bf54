/** Text to ids and back, as the reference tokenizers do it, id for id. */
@NullMarked
package org.jllm.tokenizer;

import org.jspecify.annotations.NullMarked;
