package org.jllm.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import org.jllm.api.CapacityException;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.machine.TemporaryFolder;

/**
 * Writes a model's folder anew with its weights as safetensors, so that they can be mapped. The new folder appears under
 * its name in one step, when all that was written has been read back and found equal.
 */
public final class Conversion {
    /** As the hub's own tools cut large models. */
    public static final long SHARD_BYTES = 5_000_000_000L;

    /**
     * What was written.
     *
     * @param tensors distinct ones
     * @param aliases names beside those that mean the same tensors
     */
    public record Result(int tensors, int aliases, long bytes, List<String> files) {}

    private final Path folder;
    private final Path out;
    private final long shardBytes;

    /**
     * @param folder a model in any format that {@link Checkpoint} reads
     * @param out does not exist, or is an empty folder
     * @param shardBytes bytes of tensors that a file has at most, unless a single tensor is larger
     */
    public Conversion(Path folder, Path out, long shardBytes) {
        this.folder = folder;
        this.out = out.toAbsolutePath().normalize();
        this.shardBytes = shardBytes;
    }

    /**
     * Does it. Of the weights one part at a time is in memory.
     *
     * @param progress takes the part that is done, from 0 to 1
     * @throws InvalidRequestException if there is something under the new folder's name
     * @throws CapacityException if it cannot be written
     * @throws InvalidModelException if the model's files are damaged
     */
    public Result run(DoubleConsumer progress) {
        checkOut();
        Checkpoint checkpoint = Checkpoint.open(folder);
        ShardPlan plan = ShardPlan.of(checkpoint, CheckpointFiles.newName(folder), shardBytes);
        try (TemporaryFolder temporary = TemporaryFolder.beside(out)) {
            checkSpace(temporary.path(), plan.bytes());
            new ShardWriter(plan, temporary.path(), progress).write();
            new SideFiles(folder, temporary.path()).copy();
            settle(temporary.path());
        } catch (IOException | UncheckedIOException e) {
            throw new CapacityException("cannot write " + out + ": " + e.getMessage(), e);
        }
        return new Result(
                checkpoint.distinct().size(),
                checkpoint.tensors().size() - checkpoint.distinct().size(),
                plan.bytes(),
                plan.shards().stream().map(ShardPlan.Shard::file).toList());
    }

    private void checkOut() {
        if (!Files.exists(out)) {
            return;
        }
        try (Stream<Path> files = Files.isDirectory(out) ? Files.list(out) : Stream.of(out)) {
            if (files.findAny().isPresent()) {
                throw new InvalidRequestException(out + (Files.isDirectory(out) ? " is not empty" : " is a file")
                        + ": give the name of a folder that is not there yet");
            }
        } catch (IOException e) {
            throw new CapacityException("cannot look into " + out + ": " + e.getMessage(), e);
        }
    }

    private static void checkSpace(Path temporary, long bytes) {
        long room = temporary.toFile().getUsableSpace();
        if (temporary.toFile().getTotalSpace() > 0 && room < bytes) {
            throw new CapacityException("the weights take " + bytes + " bytes, but where they are to be written only "
                    + room + " are free");
        }
    }

    /** Sees to it that the bytes are on the disk before the folder gets its name. */
    private void settle(Path temporary) throws IOException {
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
        Files.deleteIfExists(out);
        Files.move(temporary, out, StandardCopyOption.ATOMIC_MOVE);
    }
}
