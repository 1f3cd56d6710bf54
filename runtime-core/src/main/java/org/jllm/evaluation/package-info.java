/** How well a model predicts a text, and how far it is from another that does the same. */
@NullMarked
package org.jllm.evaluation;

import org.jspecify.annotations.NullMarked;
