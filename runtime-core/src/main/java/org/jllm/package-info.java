/** The way in: {@link org.jllm.Jllm} opens a model by its name. */
@NullMarked
package org.jllm;

import org.jspecify.annotations.NullMarked;
