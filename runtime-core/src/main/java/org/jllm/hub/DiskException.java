package org.jllm.hub;

import java.io.IOException;

/** This machine's disk does not take the bytes; asking the hub again would not help. */
final class DiskException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
