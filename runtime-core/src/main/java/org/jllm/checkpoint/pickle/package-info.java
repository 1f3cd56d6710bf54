/**
 * Reads Python's pickles as data: a closed interpreter that builds plain values and nothing else. It knows no tensors;
 * what a constructor makes is up to the {@link org.jllm.checkpoint.pickle.Constructors} that its user brings.
 */
@NullMarked
package org.jllm.checkpoint.pickle;

import org.jspecify.annotations.NullMarked;
