package org.jllm.server;

import org.jspecify.annotations.Nullable;

/**
 * How a request is answered.
 *
 * @param model the name that it asked for
 * @param n answers to each prompt
 * @param topLogprobs null for none, else how many beside that of each token
 */
record ReplyOptions(
        String model,
        int n,
        boolean stream,
        boolean includeUsage,
        @Nullable Integer topLogprobs) {}
