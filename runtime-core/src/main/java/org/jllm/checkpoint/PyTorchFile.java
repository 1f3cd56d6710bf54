package org.jllm.checkpoint;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.pickle.PickleException;

/**
 * A file of {@code torch.save}: a pickle that says how tensors are cut from storages, and the storages. Since PyTorch 1.6
 * both are entries of a zip file; before, they followed each other. The pickle is read as data, nothing in it is run.
 */
final class PyTorchFile {
    /** The pickle of the largest models has a few MB. */
    static final long MOST_PICKLE_BYTES = 64L << 20;

    private static final int FIRST_BYTES = 64;
    private static final int PICKLE = 0x80;

    private PyTorchFile() {}

    /** The tensors of a file by name, and where the storages are that its pickle names. */
    record Content(Map<String, PickledTensor> tensors, Map<String, Storage> storages) {}

    /**
     * The tensors of a file, in its order.
     *
     * @throws InvalidModelException if the file is damaged, or its pickle asks for more than data; names what is wrong
     */
    static List<StoredTensor> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException(
                    file + (Files.exists(file) ? " is no regular file" : " does not exist, but belongs to the model"));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return stored(file, content(file, channel));
        } catch (PickleException e) {
            throw new InvalidModelException(file + " " + e.getMessage(), e);
        } catch (EOFException | ZipException e) {
            throw new InvalidModelException(file + " is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Content content(Path file, FileChannel channel) throws IOException {
        int length = (int) Math.min(channel.size(), FIRST_BYTES);
        ByteBuffer first = ZipDirectory.bytes(channel, 0, length);
        if (length >= 4 && first.getInt(0) == ZipDirectory.LOCAL_SIGNATURE) {
            return PyTorchZip.read(file, channel);
        }
        if (length > 0 && (first.get(0) & 0xff) == PICKLE) {
            return LegacyPyTorchFile.read(file, channel);
        }
        String text = StandardCharsets.ISO_8859_1.decode(first).toString();
        if (text.startsWith("version https://git-lfs")) {
            throw new InvalidModelException(file
                    + " is only the note that Git LFS leaves in place of a file: fetch the file itself (git lfs pull)");
        }
        if (length == 0) {
            throw new InvalidModelException(file + " is empty: download it again");
        }
        throw new UnsupportedModelException(
                file + " is no file of torch.save, or damaged: it begins with neither a zip entry nor a pickle");
    }

    private static List<StoredTensor> stored(Path file, Content content) {
        List<StoredTensor> tensors = new ArrayList<>();
        content.tensors().forEach((name, tensor) -> {
            PickledStorage pickled = tensor.storage();
            Storage storage = content.storages().get(pickled.key());
            if (storage == null) {
                throw invalid(
                        file,
                        name,
                        "is cut from storage '" + StrictJson.bounded(pickled.key())
                                + "', which the file does not have");
            }
            long bytes = pickled.elements() * pickled.type().bytes();
            if (storage.byteLength() != bytes) {
                throw invalid(
                        file,
                        name,
                        "is cut from a storage of " + pickled.elements() + " elements of type " + pickled.type()
                                + ", but that has " + storage.byteLength() + " bytes, not " + bytes);
            }
            tensors.add(new StoredTensor(
                    name,
                    pickled.type(),
                    tensor.shape(),
                    tensor.strides(),
                    storage,
                    tensor.offset() * pickled.type().bytes()));
        });
        return tensors;
    }

    static BufferedInputStream from(FileChannel channel, long position) throws IOException {
        return new BufferedInputStream(Channels.newInputStream(channel.position(position)), 1 << 16);
    }

    private static InvalidModelException invalid(Path file, String tensor, String problem) {
        return new InvalidModelException(file + " is damaged: tensor '" + StrictJson.bounded(tensor) + "' " + problem);
    }
}
