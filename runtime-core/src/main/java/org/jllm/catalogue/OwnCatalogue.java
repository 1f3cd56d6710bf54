package org.jllm.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.InvalidSettingException;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The user's own {@code models.yaml}, as a text: entries are added and taken out, and every other line stays as it is. A
 * change that would make it no catalogue is not written.
 */
public final class OwnCatalogue {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String MODELS = "models";

    private final Path file;

    OwnCatalogue(Path file) {
        this.file = file;
    }

    /** The catalogue of the user with these variables; the file need not exist. */
    public static OwnCatalogue of(Map<String, String> environment) {
        return new OwnCatalogue(
                UserHome.configuration(environment, UserHome.of(environment)).resolve("models.yaml"));
    }

    /** Where it is. */
    public Path file() {
        return file;
    }

    /**
     * Adds a model.
     *
     * @param fields keys and values, strings or lists of strings, {@code id} among them
     * @throws InvalidRequestException if the file has that id already
     * @throws InvalidSettingException if the file is no catalogue, or would be none
     */
    public void add(Map<String, Object> fields) {
        List<String> lines = lines();
        Optional<NodeTuple> models = models(lines);
        String id = String.valueOf(fields.get("id"));
        if (models.isPresent() && models.get().getValueNode() instanceof SequenceNode list) {
            if (list.getValue().stream().anyMatch(item -> isOf(item, id))) {
                throw new InvalidRequestException(id + " is in " + file + " already: take it out with 'jllm rm " + id
                        + "', or give another --id");
            }
            requireBlock(list, fields);
            lines.addAll(
                    end(list, lines),
                    entry(fields, " ".repeat(list.getStartMark().getColumn())));
        } else if (models.isPresent()) {
            throw new InvalidSettingException(
                    file + ": the key models has no list; write the entry there yourself: " + json(fields));
        } else {
            if (!lines.isEmpty() && !lines.get(lines.size() - 1).isBlank()) {
                lines.add("");
            }
            lines.add(MODELS + ":");
            lines.addAll(entry(fields, "  "));
        }
        write(lines);
    }

    /**
     * Takes a model out.
     *
     * @return whether it was there
     * @throws InvalidSettingException if the file is no catalogue
     */
    public boolean remove(String id) {
        List<String> lines = lines();
        NodeTuple models = models(lines).orElse(null);
        if (models == null || !(models.getValueNode() instanceof SequenceNode list)) {
            return false;
        }
        for (int i = 0; i < list.getValue().size(); i++) {
            if (isOf(list.getValue().get(i), id)) {
                requireBlock(list, Map.of());
                boolean alone = list.getValue().size() == 1;
                int from = alone
                        ? models.getKeyNode().getStartMark().getLine()
                        : list.getValue().get(i).getStartMark().getLine();
                int to = i + 1 < list.getValue().size()
                        ? list.getValue().get(i + 1).getStartMark().getLine()
                        : end(list, lines);
                lines.subList(from, to).clear();
                write(lines);
                return true;
            }
        }
        return false;
    }

    private List<String> lines() {
        try {
            return Files.exists(file)
                    ? new ArrayList<>(Files.readString(file, StandardCharsets.UTF_8)
                            .lines()
                            .toList())
                    : new ArrayList<>();
        } catch (IOException e) {
            throw new InvalidSettingException("cannot read " + file + ": it has to be a readable text in UTF-8", e);
        }
    }

    private Optional<NodeTuple> models(List<String> lines) {
        Node root =
                YamlNode.parse(text(lines), file.toString()).map(YamlNode::node).orElse(null);
        if (!(root instanceof MappingNode mapping)) {
            return Optional.empty();
        }
        if (mapping.getFlowStyle() == DumperOptions.FlowStyle.FLOW) {
            throw new InvalidSettingException(file + " is written in braces, which jllm does not change");
        }
        return mapping.getValue().stream()
                .filter(field -> field.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(MODELS))
                .findFirst();
    }

    private static boolean isOf(Node item, String id) {
        return item instanceof MappingNode mapping
                && mapping.getValue().stream()
                        .anyMatch(field -> field.getKeyNode() instanceof ScalarNode key
                                && key.getValue().equals("id")
                                && field.getValueNode() instanceof ScalarNode value
                                && value.getValue().equalsIgnoreCase(id));
    }

    private void requireBlock(SequenceNode list, Map<String, Object> fields) {
        if (list.getFlowStyle() == DumperOptions.FlowStyle.FLOW) {
            throw new InvalidSettingException(file + ":" + (list.getStartMark().getLine() + 1)
                    + ": models is written in brackets, which jllm does not change; do it yourself"
                    + (fields.isEmpty() ? "" : ": " + json(fields)));
        }
    }

    /** The line after the last one of a list; comments and empty lines behind it belong to what follows. */
    private static int end(SequenceNode list, List<String> lines) {
        int end = Math.min(list.getEndMark().getLine(), lines.size());
        while (end > 0 && lines.get(end - 1).strip().matches("(#.*)?")) {
            end--;
        }
        return end;
    }

    /** JSON's strings and lists are YAML's, too. */
    private static List<String> entry(Map<String, Object> fields, String indent) {
        List<String> lines = new ArrayList<>();
        fields.forEach((key, value) -> lines.add(indent + (lines.isEmpty() ? "- " : "  ") + key + ": " + json(value)));
        return lines;
    }

    private static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private void write(List<String> lines) {
        Path folder = file.toAbsolutePath().getParent();
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
            Files.writeString(temporary, text(lines), StandardCharsets.UTF_8);
            check(temporary);
            Files.move(
                    temporary,
                    Files.exists(file) ? file.toRealPath() : file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new InvalidSettingException(
                    "cannot write " + file + ": " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    private void check(Path temporary) {
        try {
            Catalogue.load(List.of(temporary));
        } catch (InvalidSettingException e) {
            throw new InvalidSettingException(
                    "not written: " + String.valueOf(e.getMessage()).replace(temporary.toString(), file.toString()), e);
        }
    }

    private static void deleteQuietly(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            System.getLogger(OwnCatalogue.class.getName()).log(System.Logger.Level.DEBUG, "not deleted", e);
        }
    }
}
