/** The command line. No model logic. */
@NullMarked
package org.jllm.cli;

import org.jspecify.annotations.NullMarked;
