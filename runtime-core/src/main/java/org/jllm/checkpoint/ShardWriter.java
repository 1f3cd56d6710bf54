package org.jllm.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.zip.CRC32C;
import org.jllm.api.InvalidModelException;

/** Writes the files of a plan, and reads them back. Not thread-safe. */
final class ShardWriter {
    private final TensorReader reader = new TensorReader();
    private final ShardPlan plan;
    private final Path folder;
    private final DoubleConsumer progress;
    private final Map<String, Long> checksums = new HashMap<>();
    private final Set<Storage> verified = new HashSet<>();
    private long done;

    ShardWriter(ShardPlan plan, Path folder, DoubleConsumer progress) {
        this.plan = plan;
        this.folder = folder;
        this.progress = progress;
    }

    void write() throws IOException {
        for (ShardPlan.Shard shard : plan.shards()) {
            write(shard);
        }
        if (plan.shards().size() > 1) {
            writeIndex();
        }
        for (ShardPlan.Shard shard : plan.shards()) {
            readBack(shard);
        }
    }

    private void write(ShardPlan.Shard shard) throws IOException {
        try (SafetensorsWriter writer =
                new SafetensorsWriter(folder.resolve(shard.file()), shard.announced(), shard.metadata())) {
            for (StoredTensor tensor : shard.tensors()) {
                if (verified.add(tensor.storage())) {
                    StorageReader.verify(tensor.storage());
                }
                CRC32C checksum = new CRC32C();
                reader.read(tensor, part -> {
                    checksum.update(part.duplicate());
                    advance(part.remaining());
                    write(writer, tensor.name(), part);
                });
                checksums.put(tensor.name(), checksum.getValue());
            }
            writer.finish();
        }
    }

    private static void write(SafetensorsWriter writer, String tensor, ByteBuffer part) {
        try {
            writer.write(tensor, part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeIndex() throws IOException {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.putObject("metadata").put("total_size", plan.bytes());
        ObjectNode map = index.putObject("weight_map");
        for (ShardPlan.Shard shard : plan.shards()) {
            shard.tensors().forEach(tensor -> map.put(tensor.name(), shard.file()));
        }
        String first = plan.shards().get(0).file();
        String name = first.substring(0, first.indexOf("-00001-of-")) + ".safetensors" + CheckpointFiles.INDEX;
        Files.writeString(folder.resolve(name), index.toPrettyString() + "\n");
    }

    private void readBack(ShardPlan.Shard shard) {
        Checkpoint written = Checkpoint.read(folder.resolve(shard.file()));
        for (StoredTensor tensor : shard.tensors()) {
            StoredTensor copy = written.require(tensor.name());
            CRC32C checksum = new CRC32C();
            reader.read(copy, part -> {
                advance(part.remaining());
                checksum.update(part);
            });
            if (copy.type() != tensor.type()
                    || !copy.shape().equals(tensor.shape())
                    || !Objects.equals(checksums.get(tensor.name()), checksum.getValue())) {
                throw new InvalidModelException("tensor '" + StrictJson.bounded(tensor.name())
                        + "' was not written as it was read: is the disk sound?");
            }
        }
    }

    private void advance(long bytes) {
        done += bytes;
        progress.accept((double) done / Math.max(2 * plan.bytes(), 1));
    }
}
