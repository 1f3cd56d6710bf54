/** GGUF models on llama.cpp: its libraries, its models and contexts as owned objects, and the engine on them. */
@NullMarked
package org.jllm.gguf;

import org.jspecify.annotations.NullMarked;
