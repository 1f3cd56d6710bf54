package org.jllm.checkpoint;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A stretch of a file that tensors are cut from.
 *
 * @param position of its first byte in the file
 * @param fileBytes what it takes in the file
 * @param byteLength what it takes in memory; where it is not compressed, the same
 * @param compressed whether the file has it as a deflate stream, so that it cannot be mapped
 * @param checksum CRC-32 of the bytes in memory, where the file has one
 */
public record Storage(
        Path file, long position, long fileBytes, long byteLength, boolean compressed, OptionalLong checksum) {
    /** Bytes that lie in the file as they are. */
    public static Storage plain(Path file, long position, long byteLength) {
        return new Storage(file, position, byteLength, byteLength, false, OptionalLong.empty());
    }
}
