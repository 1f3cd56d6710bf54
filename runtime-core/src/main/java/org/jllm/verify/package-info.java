/** Checks of models and tokenizers against golden data. */
@NullMarked
package org.jllm.verify;

import org.jspecify.annotations.NullMarked;
