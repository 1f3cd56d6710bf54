package org.jllm.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
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
        if (!tensor.isContiguous()) {
            new TensorReader().read(tensor, bytes::put);
            return bytes.flip();
        }
        try (ReadableByteChannel channel = StorageReader.open(tensor.storage(), tensor.offset())) {
            StorageReader.fill(channel, bytes);
            return bytes.flip();
        } catch (IOException e) {
            throw new InvalidModelException(
                    "cannot read tensor '" + StrictJson.bounded(tensor.name()) + "' of " + tensor.file() + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
