/**
 * GGUF files: metadata and tensor index, read with every bound checked before llama.cpp sees the file, and written.
 * Knows no native code.
 */
@NullMarked
package org.jllm.gguf.file;

import org.jspecify.annotations.NullMarked;
