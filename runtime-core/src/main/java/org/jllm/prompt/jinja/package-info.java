/**
 * A Jinja interpreter that equals Python's Jinja2 as Transformers sets it up for chat templates: an immutable sandbox,
 * {@code trim_blocks}, {@code lstrip_blocks}, loop controls. Values are data only, no Java object can be reached, and the
 * work of a rendering is bounded. Strings know which of their chars come from the content of a message.
 */
@NullMarked
package org.jllm.prompt.jinja;

import org.jspecify.annotations.NullMarked;
