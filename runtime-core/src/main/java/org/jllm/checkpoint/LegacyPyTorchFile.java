package org.jllm.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.pickle.PickleException;
import org.jllm.checkpoint.pickle.PickleInput;
import org.jllm.checkpoint.pickle.PickleReader;
import org.jllm.checkpoint.pickle.PickleValue;
import org.jllm.checkpoint.pickle.PickleValue.BigInt;
import org.jllm.checkpoint.pickle.PickleValue.Bool;
import org.jllm.checkpoint.pickle.PickleValue.Dict;
import org.jllm.checkpoint.pickle.PickleValue.Int;
import org.jllm.checkpoint.pickle.PickleValue.Sequence;
import org.jllm.checkpoint.pickle.PickleValue.Text;

/**
 * The form before PyTorch 1.6: five pickles (a magic number, a version, the machine, the state_dict, the keys of the
 * storages), then each storage with its number of elements before it.
 */
final class LegacyPyTorchFile {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final int VERSION = 1001;

    private LegacyPyTorchFile() {}

    static PyTorchFile.Content read(Path file, FileChannel channel) throws IOException {
        InputStream bytes = PyTorchFile.from(channel, 0);
        PickleInput in = new PickleInput(bytes, Math.min(channel.size(), PyTorchFile.MOST_PICKLE_BYTES));
        TensorConstructors constructors = new TensorConstructors();
        if (!(PickleReader.read(in, constructors) instanceof BigInt magic)
                || !magic.value().equals(MAGIC)) {
            throw new PickleException("is a pickle, but no file of torch.save");
        }
        if (!(PickleReader.read(in, constructors) instanceof Int version) || version.value() != VERSION) {
            throw new PickleException("is a file of torch.save in a version other than " + VERSION);
        }
        checkByteOrder(file, PickleReader.read(in, constructors));
        Map<String, PickledTensor> tensors = StateDict.tensors(PickleReader.read(in, constructors));
        if (!(PickleReader.read(in, constructors) instanceof Sequence keys)) {
            throw new PickleException("is damaged: it has no list of its storages");
        }
        return new PyTorchFile.Content(tensors, storages(file, channel, keys, constructors.storages(), in.position()));
    }

    private static void checkByteOrder(Path file, PickleValue machine) {
        if (machine instanceof Dict dict
                && dict.entries().get("little_endian") instanceof Bool little
                && !little.value()) {
            throw new UnsupportedModelException(
                    file + " has numbers in the byte order of a big-endian machine, which this"
                            + " version does not read: save it anew on a little-endian machine");
        }
    }

    /** Only the pickle says how large the elements of a storage are. */
    private static Map<String, Storage> storages(
            Path file, FileChannel channel, Sequence keys, Map<String, PickledStorage> known, long start)
            throws IOException {
        Map<String, Storage> storages = new HashMap<>();
        long position = start;
        for (PickleValue key : keys.elements()) {
            PickledStorage pickled = key instanceof Text text ? known.get(text.value()) : null;
            if (pickled == null) {
                throw new PickleException("is damaged: its list of storages has one that its pickle does not mention");
            }
            long room = channel.size() - position - Long.BYTES;
            if (room < 0) {
                throw cut(pickled.key());
            }
            long elements = ZipDirectory.bytes(channel, position, Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (elements != pickled.elements()) {
                throw new PickleException("is damaged: storage '" + StrictJson.bounded(pickled.key()) + "' has "
                        + elements + " elements, not " + pickled.elements());
            }
            long length = elements * pickled.type().bytes();
            if (length > room) {
                throw cut(pickled.key());
            }
            if (storages.put(pickled.key(), Storage.plain(file, position + Long.BYTES, length)) != null) {
                throw new PickleException(
                        "is damaged: its list has storage '" + StrictJson.bounded(pickled.key()) + "' twice");
            }
            position += Long.BYTES + length;
        }
        return storages;
    }

    private static PickleException cut(String key) {
        return new PickleException("is cut short inside storage '" + StrictJson.bounded(key) + "': download it again");
    }
}
