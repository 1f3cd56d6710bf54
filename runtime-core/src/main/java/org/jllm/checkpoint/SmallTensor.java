package org.jllm.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.jllm.api.InvalidModelException;

/** Reads tensors that describe others: indices, flags, texts. */
final class SmallTensor {
    private SmallTensor() {}

    /**
     * The bytes of a tensor, little-endian.
     *
     * @throws InvalidModelException if it has more than {@code most} bytes or cannot be read
     */
    static ByteBuffer bytes(StoredTensor tensor, int most) {
        if (tensor.byteLength() > most) {
            throw new InvalidModelException("tensor '" + StrictJson.bounded(tensor.name()) + "' in " + tensor.file()
                    + " has " + tensor.byteLength() + " bytes; at most " + most + " make sense");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, tensor.offset() + bytes.position()) < 0) {
                    throw new EOFException("the file ends early");
                }
            }
        } catch (IOException e) {
            throw new InvalidModelException(
                    "cannot read tensor '" + tensor.name() + "' of " + tensor.file() + ": " + e.getMessage(), e);
        }
        return bytes.flip();
    }
}
