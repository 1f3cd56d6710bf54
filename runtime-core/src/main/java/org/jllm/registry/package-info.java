/** What the models of the catalogue are to this machine: which of them fit a wish, run, and fit into its memory. */
@NullMarked
package org.jllm.registry;

import org.jspecify.annotations.NullMarked;
