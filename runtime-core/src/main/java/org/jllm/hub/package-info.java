/** Where files of models are on this machine: jllm's own cache, the embedded model, an existing Hugging Face cache. */
@NullMarked
package org.jllm.hub;

import org.jspecify.annotations.NullMarked;
