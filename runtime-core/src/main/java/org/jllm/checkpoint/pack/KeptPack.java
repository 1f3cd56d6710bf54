package org.jllm.checkpoint.pack;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jllm.api.JllmException;
import org.jllm.checkpoint.Checkpoint;

/**
 * A pack that is on the disk.
 *
 * @param model the folder of the model that it was made of
 * @param form of its matrices, such as {@code int8}
 * @param bytes on the disk
 * @param used when it was made or last read
 * @param files of the model, without symbolic links
 * @param obsolete whether these are gone or have changed, so that it will not be read again
 */
public record KeptPack(
        Path file, Path model, String form, long bytes, Instant used, List<Path> files, boolean obsolete) {
    public KeptPack {
        files = List.copyOf(files);
    }

    /** One with a damaged header is nobody's, and obsolete; empty if it cannot be looked at now. */
    static Optional<KeptPack> describe(Path file) {
        try {
            long bytes = Files.size(file);
            Instant used = Files.getLastModifiedTime(file).toInstant();
            try {
                Map<String, String> metadata = Checkpoint.metadata(file);
                List<SourceFile> sources = PackContent.sources(metadata);
                boolean obsolete = sources.isEmpty() || !sources.stream().allMatch(SourceFile::isUnchanged);
                return Optional.of(new KeptPack(
                        file,
                        Path.of(metadata.getOrDefault(PackContent.MODEL, "")),
                        metadata.getOrDefault(PackContent.FORM, ""),
                        bytes,
                        used,
                        sources.stream().map(SourceFile::path).toList(),
                        obsolete));
            } catch (JllmException | InvalidPathException e) {
                if (e.getCause() instanceof FileSystemException || e.getCause() instanceof ClosedChannelException) {
                    return Optional.empty();
                }
                return Optional.of(new KeptPack(file, Path.of(""), "damaged", bytes, used, List.of(), true));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether it was made of a folder, or of files in it. */
    public boolean isOf(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        return model.startsWith(whole) || files.stream().anyMatch(each -> each.startsWith(whole));
    }
}
