package org.jllm.checkpoint;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a model's folder has beside the weights: configuration, tokenizer, templates, licence, also in folders. */
record SideFiles(Path from, Path to) {
    private static final int MOST_FOLDERS_DEEP = 4;

    /** Copies them; where one is a link, what it leads to. */
    void copy() throws IOException {
        for (Path file : files()) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.resolveSibling(""));
            Files.copy(file, target);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(from, MOST_FOLDERS_DEEP, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !isHidden(from.relativize(file)))
                    .filter(file ->
                            !CheckpointFiles.isOfWeights(file.getFileName().toString()))
                    .toList();
        }
    }

    /** Such as the version control's, or a download tool's. */
    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
