/** Measures engines, on models of this machine or on random ones. */
@NullMarked
package org.jllm.bench;

import org.jspecify.annotations.NullMarked;
