/**
 * The part of {@code llama.h} and {@code ggml-backend.h} (release 0.4.0) that jllm needs, under the names of those headers.
 * Nothing here checks anything: wrong arguments abort the process. Use is left to {@code org.jllm.gguf}.
 */
@NullMarked
package org.jllm.gguf.binding;

import org.jspecify.annotations.NullMarked;
