package org.jllm.gguf.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.InvalidModelException;

/** The files of a split model, {@code NAME-00001-of-0000N.gguf} and so on: llama.cpp knows them by these names. */
final class GgufParts {
    private static final Pattern NAME = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.DOTALL);
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";
    private static final int MOST = 65_535;

    record Part(Path file, GgufHeader header) {}

    private GgufParts() {}

    /**
     * All parts of the model that a file belongs to, in their order; the file alone if it is not split.
     *
     * @param given any part
     */
    static List<Part> read(Path given) {
        GgufHeader header = GgufHeader.read(given);
        int count = count(header);
        if (count <= 1) {
            return List.of(new Part(given, header));
        }
        List<Path> files = files(given, number(header), count);
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new InvalidModelException(
                        file + " is missing: " + given + " is one of " + count + " parts, and all have to be there");
            }
        }
        List<Part> parts = new ArrayList<>();
        for (Path file : files) {
            Part part = new Part(file, file.equals(given) ? header : GgufHeader.read(file));
            check(part, parts.size(), count);
            parts.add(part);
        }
        checkTensors(parts);
        return parts;
    }

    /** llama.cpp aborts on another type than these have. */
    private static int count(GgufHeader header) {
        GgufMetadata metadata = header.metadata();
        if (metadata.has(COUNT)) {
            metadata.requireType(COUNT, GgufValueType.UINT16);
        }
        return metadata.intOr(COUNT, 1, 0, MOST);
    }

    private static int number(GgufHeader header) {
        header.metadata().requireType(NUMBER, GgufValueType.UINT16);
        return header.metadata().intOr(NUMBER, 0, 0, MOST);
    }

    private static List<Path> files(Path given, int number, int count) {
        String name = String.valueOf(given.getFileName());
        Matcher matcher = NAME.matcher(name);
        String expected = suffix(number, count);
        if (!matcher.matches() || !name.endsWith(expected)) {
            throw new InvalidModelException(given + ": is part " + (number + 1) + " of " + count
                    + ", so its name must end in '" + expected + "': give it its old name back");
        }
        List<Path> files = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            files.add(given.resolveSibling(matcher.group(1) + suffix(index, count)));
        }
        return files;
    }

    private static String suffix(int number, int count) {
        return String.format("-%05d-of-%05d.gguf", number + 1, count);
    }

    private static void check(Part part, int number, int count) {
        if (count(part.header()) != count) {
            throw new InvalidModelException(part.file() + ": " + COUNT + " must be " + count
                    + ", as in the other parts, not " + count(part.header()));
        }
        if (number(part.header()) != number) {
            throw new InvalidModelException(
                    part.file() + ": " + NUMBER + " must be " + number + ", not " + number(part.header()));
        }
    }

    private static void checkTensors(List<Part> parts) {
        int found =
                parts.stream().mapToInt(part -> part.header().tensors().size()).sum();
        for (Part part : parts) {
            GgufMetadata metadata = part.header().metadata();
            metadata.requireType(TENSORS, GgufValueType.INT32);
            int announced = metadata.intOr(TENSORS, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
            if (announced != found) {
                throw new InvalidModelException(part.file() + ": " + TENSORS + " is " + announced + ", but the "
                        + parts.size() + " parts have " + found + " tensors");
            }
        }
    }
}
