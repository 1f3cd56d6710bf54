package org.jllm.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.pickle.PickleInput;
import org.jllm.checkpoint.pickle.PickleReader;
import org.jllm.checkpoint.pickle.PickleValue;
import org.jspecify.annotations.Nullable;

/** The form of PyTorch 1.6 and later: a zip file with {@code data.pkl} and one entry a storage. */
final class PyTorchZip {
    private static final String PICKLE = "/data.pkl";
    /** Unpacked bytes that a file may have beside a multiple of its own: masks pack well, weights do not. */
    private static final long UNPACKED_BYTES = 256L << 20;

    private static final long UNPACKED_RATIO = 20;

    private PyTorchZip() {}

    static PyTorchFile.Content read(Path file, FileChannel channel) throws IOException {
        Map<String, Storage> entries = ZipDirectory.read(file, channel);
        checkUnpacked(file, channel.size(), entries);
        String folder = folder(file, entries);
        checkByteOrder(file, entries.get(folder + "/byteorder"));
        PickleValue root = pickle(file, Objects.requireNonNull(entries.get(folder + PICKLE)));
        Map<String, Storage> storages = new HashMap<>();
        String prefix = folder + "/data/";
        entries.forEach((name, storage) -> {
            if (name.startsWith(prefix)) {
                storages.put(name.substring(prefix.length()), storage);
            }
        });
        return new PyTorchFile.Content(StateDict.tensors(root), storages);
    }

    private static void checkUnpacked(Path file, long size, Map<String, Storage> entries) {
        long unpacked = 0;
        for (Storage entry : entries.values()) {
            unpacked += entry.compressed() ? Math.min(entry.byteLength(), Long.MAX_VALUE / 2) : 0;
            if (unpacked < 0 || unpacked > UNPACKED_BYTES + UNPACKED_RATIO * size) {
                throw new InvalidModelException(file + " of " + size + " bytes would unpack to " + unpacked
                        + " or more, which weights do not: it is damaged or made to fill the memory");
            }
        }
    }

    /** The one folder that all is in. */
    private static String folder(Path file, Map<String, Storage> entries) {
        List<String> pickles = entries.keySet().stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .toList();
        if (pickles.size() != 1) {
            throw new InvalidModelException(file + " has " + pickles.size() + " entries FOLDER" + PICKLE
                    + ", where a file of torch.save has one");
        }
        return pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
    }

    private static void checkByteOrder(Path file, @Nullable Storage entry) throws IOException {
        if (entry == null) {
            return;
        }
        String order = "";
        if (entry.byteLength() <= 16) {
            try (InputStream in = Channels.newInputStream(StorageReader.open(entry, 0))) {
                order = new String(in.readNBytes((int) entry.byteLength()), StandardCharsets.UTF_8);
            }
        }
        if (!order.equals("little")) {
            throw new UnsupportedModelException(file + " has numbers in the byte order '" + order
                    + "', which this version does not read: save it anew on a little-endian machine");
        }
    }

    private static PickleValue pickle(Path file, Storage entry) throws IOException {
        if (entry.byteLength() > PyTorchFile.MOST_PICKLE_BYTES) {
            throw new InvalidModelException(
                    file + " has a pickle of " + entry.byteLength() + " bytes, which no weights need");
        }
        StorageReader.verify(entry);
        try (InputStream in = new BufferedInputStream(Channels.newInputStream(StorageReader.open(entry, 0)), 1 << 16)) {
            return PickleReader.read(new PickleInput(in, entry.byteLength()), new TensorConstructors());
        }
    }
}
