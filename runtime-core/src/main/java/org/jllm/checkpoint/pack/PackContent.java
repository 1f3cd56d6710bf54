package org.jllm.checkpoint.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/**
 * What a pack holds and what it is made of: all that its header says. Two packs with the same header hold the same numbers, and a
 * header that differs in one byte is that of another pack. Immutable.
 *
 * @param tensors in the order of their bytes; the last one has the checksums of those before
 * @param sources the model's files as they are before they are read
 */
public record PackContent(List<Announced> tensors, Map<String, String> metadata, List<SourceFile> sources) {
    /** CRC-32C of each tensor before, so far as it was written. */
    static final String CHECKSUMS = "checksums";

    static final String MODEL = "model";
    static final String FORM = "form";
    static final String RECIPE = "recipe";
    private static final String FILE = "file ";
    private static final String STATE = "state ";

    public PackContent {
        tensors = List.copyOf(tensors);
        sources = List.copyOf(sources);
    }

    /**
     * What a pack would be.
     *
     * @throws IOException if a file of the model cannot be looked at
     */
    static PackContent of(PackRequest request) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(MODEL, request.model().toAbsolutePath().normalize().toString());
        metadata.put(FORM, request.form());
        metadata.put(RECIPE, Fingerprint.of(request.recipe().getBytes(StandardCharsets.UTF_8)));
        List<SourceFile> sources = new ArrayList<>();
        for (Path file : sorted(request.files())) {
            SourceFile source = SourceFile.of(file);
            metadata.put(FILE + sources.size(), source.path().toString());
            metadata.put(STATE + sources.size(), source.state());
            sources.add(source);
        }
        long count = request.tensors().size();
        Announced checksums = new Announced(CHECKSUMS, ElementType.I64, List.of(count));
        List<Announced> tensors =
                Stream.concat(request.tensors().stream(), Stream.of(checksums)).toList();
        return new PackContent(tensors, metadata, sources);
    }

    private static List<Path> sorted(Collection<Path> files) {
        return files.stream().distinct().sorted().toList();
    }

    /** The files that a header names. */
    static List<SourceFile> sources(Map<String, String> metadata) {
        List<SourceFile> sources = new ArrayList<>();
        for (int i = 0; metadata.containsKey(FILE + i); i++) {
            sources.add(new SourceFile(Path.of(metadata.get(FILE + i)), metadata.getOrDefault(STATE + i, "")));
        }
        return sources;
    }

    byte[] header() {
        return SafetensorsWriter.header(tensors, metadata);
    }

    /** Bytes of the tensors. */
    long dataBytes() {
        return tensors.stream().mapToLong(Announced::byteLength).sum();
    }
}
