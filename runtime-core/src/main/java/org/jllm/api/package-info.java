/** What a caller sees: models, requests and results as records, and the errors. */
@NullMarked
package org.jllm.api;

import org.jspecify.annotations.NullMarked;
