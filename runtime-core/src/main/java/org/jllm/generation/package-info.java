/** The one generation loop: engine interface, sampling, stop strings and streaming. Knows no engine. */
@NullMarked
package org.jllm.generation;

import org.jspecify.annotations.NullMarked;
