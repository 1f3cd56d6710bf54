package org.jllm.torch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jllm.checkpoint.pack.PackContent;
import org.jllm.checkpoint.pack.PackFolder;
import org.jllm.checkpoint.pack.PackWriter;

/**
 * Writes packed matrices to the disk, from the memory in which a model uses them, while it runs. Nobody waits for the disk, but for who
 * closes the model.
 */
final class PackKeeping implements Runnable, AutoCloseable {
    /** So long a model that is closed waits; what takes longer is given up. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final PackFolder packs;
    private final PackContent content;
    private final List<Part> parts;
    private final Handles memory;
    private final Thread thread = new Thread(this, "jllm-pack");

    /** A tensor of the pack, and the memory that is written of it. */
    record Part(String tensor, List<ByteBuffer> bytes) {}

    /** @param memory owner of the tensors whose memory is written */
    PackKeeping(PackFolder packs, PackContent content, List<Part> parts, Handles memory) {
        this.packs = packs;
        this.content = content;
        this.parts = parts;
        this.memory = memory;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try (PackWriter writer = packs.begin(content).orElse(null)) {
            if (writer != null) {
                parts.forEach(part -> writer.write(part.tensor(), part.bytes()));
                writer.finish();
            }
        } catch (RuntimeException e) {
            System.getLogger(PackKeeping.class.getName()).log(System.Logger.Level.DEBUG, "not kept", e);
        }
    }

    /** On libtorch's thread. */
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            thread.join(LONGEST.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        // Ends the writing of a channel.
        thread.interrupt();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        memory.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
