/** What this machine and this process have: cores, instruction sets, memory. */
@NullMarked
package org.jllm.machine;

import org.jspecify.annotations.NullMarked;
