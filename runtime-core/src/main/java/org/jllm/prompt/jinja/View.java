package org.jllm.prompt.jinja;

import java.util.List;

/** The keys, values or items of a dictionary: they have a length, but no index. */
record View(String type, List<Object> elements) {}
