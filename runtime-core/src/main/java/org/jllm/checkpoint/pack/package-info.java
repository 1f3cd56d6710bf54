/** Matrices that were brought into another form at a load, kept on the disk for the next. */
@NullMarked
package org.jllm.checkpoint.pack;

import org.jspecify.annotations.NullMarked;
