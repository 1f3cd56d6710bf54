package org.jllm.prompt.jinja;

/** Something that a template can call. */
interface Function {
    Object call(Arguments arguments);
}
