package org.jllm.onnx;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jllm.api.InvalidModelException;

/** The files beside a graph that hold the data of its tensors: they have to lie in its folder and be long enough. */
final class ExternalData {
    private final Path graph;
    private final Path folder;
    private final Set<Path> files = new TreeSet<>();

    ExternalData(Path graph) {
        this.graph = graph;
        folder = graph.toAbsolutePath().normalize().resolveSibling("");
    }

    /** Those that were checked. */
    Set<Path> files() {
        return files;
    }

    /**
     * Checks where the data of a tensor are.
     *
     * @param tensor its name
     * @param location what the graph says: {@code location}, {@code offset}, {@code length}
     * @param bytes that it needs; −1: not known
     * @throws InvalidModelException if they are not there
     */
    void check(String tensor, Map<String, String> location, long bytes) {
        Path file = file(tensor, location.getOrDefault("location", ""));
        long offset = number(tensor, "offset", location.getOrDefault("offset", "0"));
        long length = number(tensor, "length", location.getOrDefault("length", Long.toString(bytes < 0 ? 0 : bytes)));
        if (bytes >= 0 && length != bytes) {
            throw wrong(tensor, "has " + length + " bytes instead of " + bytes);
        }
        if (!Files.isRegularFile(file)) {
            throw wrong(tensor, "lies in " + file.getFileName() + ", which is missing beside the graph");
        }
        long size = file.toFile().length();
        if (length > size || offset > size - length) {
            throw wrong(tensor, "ends after the end of " + file.getFileName() + ", which has " + size + " bytes");
        }
        files.add(file);
    }

    private Path file(String tensor, String location) {
        try {
            Path file = folder.resolve(location).normalize();
            if (!location.isEmpty() && file.startsWith(folder) && !file.equals(folder)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw wrong(tensor, "lies in '" + location + "', which is no name of a file");
        }
        throw wrong(tensor, "lies in '" + location + "', which is not in the folder of the graph");
    }

    private long number(String tensor, String what, String text) {
        if (!text.matches("\\d{1,18}")) {
            throw wrong(tensor, "has the " + what + " '" + text + "', which is no number of bytes");
        }
        return Long.parseLong(text);
    }

    private InvalidModelException wrong(String tensor, String what) {
        return new InvalidModelException(graph + " cannot be used: the tensor " + tensor + ' ' + what);
    }
}
