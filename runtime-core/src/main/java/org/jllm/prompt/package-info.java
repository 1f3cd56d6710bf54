/** Chat messages to a prompt: the model's own Jinja template, or the form that its family uses. */
@NullMarked
package org.jllm.prompt;

import org.jspecify.annotations.NullMarked;
