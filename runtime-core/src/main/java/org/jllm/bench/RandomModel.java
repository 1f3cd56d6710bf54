package org.jllm.bench;

public final class RandomModel {
    public static void write(String s, String d, java.nio.file.Path f) {
        throw new org.jllm.api.InvalidRequestException("x");
    }
}
