/** Adapters in PEFT form: their configuration, the names of their tensors, and what they change in a base model. */
@NullMarked
package org.jllm.checkpoint.peft;

import org.jspecify.annotations.NullMarked;
