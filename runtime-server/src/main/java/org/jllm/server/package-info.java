/** The HTTP server: OpenAI's protocol in front of the models. */
@NullMarked
package org.jllm.server;

import org.jspecify.annotations.NullMarked;
