/** Vectors of texts: sentence-transformers folders, pooling, prompts, late interaction, re-ranking. */
@NullMarked
package org.jllm.embedding;

import org.jspecify.annotations.NullMarked;
