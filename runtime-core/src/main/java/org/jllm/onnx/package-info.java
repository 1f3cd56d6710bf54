/** The ONNX engine: graphs of encoders on ONNX Runtime. */
@NullMarked
package org.jllm.onnx;

import org.jspecify.annotations.NullMarked;
