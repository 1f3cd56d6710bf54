/** Tensors of a repository by name: safetensors headers, shards and the model's {@code config.json}. */
@NullMarked
package org.jllm.checkpoint;

import org.jspecify.annotations.NullMarked;
