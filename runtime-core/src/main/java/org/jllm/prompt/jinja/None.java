package org.jllm.prompt.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
