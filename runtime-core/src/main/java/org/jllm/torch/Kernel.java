package org.jllm.torch;

/** A form of matrices, and what multiplies with it: {@code packing.py}. */
enum Kernel {
    STORED("", "torch.linear", 0, 0),
    ONEDNN_BF16(".bf16", "oneDNN", 2, 0.001),
    FBGEMM_FP16(".fp16", "FBGEMM", 2, 0.001),
    ONEDNN_INT8(".int8", "oneDNN", 1, 0.005),
    /** Products of two pairs do not fit into 16 bits where the processor lacks VNNI; with 7 bits they do. */
    ONEDNN_INT7(".int7", "oneDNN, 7 bits of what goes in", 1, 0.01),
    ENGINE_INT8(".qint8", "libtorch's quantised engine", 1, 0.02);

    private final String form;
    private final String library;
    private final int bytes;
    private final double tolerance;

    Kernel(String form, String library, int bytes, double tolerance) {
        this.form = form;
        this.library = library;
        this.bytes = bytes;
        this.tolerance = tolerance;
    }

    /** What the script adds to the name of a tensor that has this form. */
    String form() {
        return form;
    }

    /** For people. */
    String library() {
        return library;
    }

    /** Of an element; 0: as many as in the type that is computed in. */
    int bytes() {
        return bytes;
    }

    /** The error, as a share of the largest result, that a kernel which works stays within in {@code packing.error}. */
    double tolerance() {
        return tolerance;
    }

    boolean isInt8() {
        return bytes == 1;
    }
}
