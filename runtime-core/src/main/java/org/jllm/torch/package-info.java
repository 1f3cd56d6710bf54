/** Transformers architectures on libtorch: TorchScript modules assembled at load time. */
@NullMarked
package org.jllm.torch;

import org.jspecify.annotations.NullMarked;
