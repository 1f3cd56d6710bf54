/** Corpora of any size: texts out of lines, JSON lines and CSV, vectors into files that can be continued. */
@NullMarked
package org.jllm.corpus;

import org.jspecify.annotations.NullMarked;
