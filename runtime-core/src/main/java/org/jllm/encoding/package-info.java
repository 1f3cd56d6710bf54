/** Encoders: the interface of their engines, and what many callers of one of them share. */
@NullMarked
package org.jllm.encoding;

import org.jspecify.annotations.NullMarked;
