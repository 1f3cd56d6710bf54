/** Finds a model: reads {@code models.yaml} and resolves an id, an alias or a folder; the settings in their order. */
@NullMarked
package org.jllm.catalogue;

import org.jspecify.annotations.NullMarked;
