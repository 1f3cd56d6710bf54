/** A conversation with a model in the terminal or through a pipe. */
@NullMarked
package org.jllm.chat;

import org.jspecify.annotations.NullMarked;
