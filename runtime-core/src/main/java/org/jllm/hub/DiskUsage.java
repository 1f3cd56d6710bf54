package org.jllm.hub;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What files take on the disk. */
public final class DiskUsage {
    private static final int UNIX_BLOCK = 512;

    private DiskUsage() {}

    /** Bytes of a file or of all files in a folder: links count nothing, and holes in files neither where that is known. */
    public static long of(Path path) {
        long[] sum = {0};
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        sum[0] += Math.min(attributes.size(), allocated(file));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            return sum[0];
        }
        return sum[0];
    }

    private static long allocated(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(PartialBlob.SUFFIX)) {
            return Long.MAX_VALUE;
        }
        try {
            return PartialBlob.allocated(file);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
