package org.jllm.catalogue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jllm.api.InvalidSettingException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A value of a YAML file that knows where it stands. What is not as expected is an {@link InvalidSettingException} that
 * begins with {@code file:line}.
 */
public record YamlNode(String file, Node node) {
    private static final int LARGEST = 16 << 20;

    /** The root of a file; empty if it holds nothing but comments. */
    static Optional<YamlNode> read(Path file) {
        return parse(text(file), file.toString());
    }

    /** The text of a file. */
    static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new InvalidSettingException(file + " is too large for a configuration file");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InvalidSettingException(
                    "cannot read " + file + " (" + e.getClass().getSimpleName()
                            + "): it has to be a readable text file in UTF-8",
                    e);
        }
    }

    /** The root of a text that stands in {@code file}; empty if it holds nothing but comments. */
    public static Optional<YamlNode> parse(String text, String file) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        try {
            // What Yaml.compose does, without the classes for Java objects that Yaml loads.
            Node root = new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options)
                    .getSingleNode();
            return root == null || root.getTag().equals(Tag.NULL)
                    ? Optional.empty()
                    : Optional.of(new YamlNode(file, root));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            String line = mark != null ? ":" + (mark.getLine() + 1) : "";
            throw new InvalidSettingException(
                    file + line + ": not YAML: " + ErrorText.oneLine(String.valueOf(e.getProblem())), e);
        } catch (YAMLException e) {
            throw new InvalidSettingException(
                    file + ": not YAML: " + ErrorText.oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    /** The error that something is wrong with this value. */
    public InvalidSettingException error(String message) {
        return new InvalidSettingException(where() + ": " + message);
    }

    /** {@code file:line}. */
    String where() {
        return file + ":" + (node.getStartMark().getLine() + 1);
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** The entries of a mapping, in the order of the file; an error if a key is not known. */
    public Map<String, YamlNode> fields(String what, Set<String> known) {
        return fields(what, name -> known.contains(name) ? Optional.empty() : Optional.of(hint(name, known)));
    }

    /** The entries of a mapping whose keys are free. */
    Map<String, YamlNode> fields(String what) {
        return fields(what, name -> Optional.empty());
    }

    private Map<String, YamlNode> fields(String what, Function<String, Optional<String>> objection) {
        if (!(node instanceof MappingNode mapping)) {
            throw error(what + " must be a mapping of keys to values, not " + found());
        }
        Map<String, YamlNode> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlNode key = new YamlNode(file, tuple.getKeyNode());
            String name = key.string("a key of " + what);
            objection.apply(name).ifPresent(hint -> {
                throw key.error("unknown key '" + name + "' in " + what + hint);
            });
            if (fields.put(name, new YamlNode(file, tuple.getValueNode())) != null) {
                throw key.error("the key " + name + " stands twice in " + what);
            }
        }
        return fields;
    }

    private static String hint(String name, Set<String> known) {
        String question = NearNames.question(name, known);
        return question.isEmpty()
                ? "; known are " + String.join(", ", known.stream().sorted().toList())
                : question;
    }

    /** The values of a list. */
    public List<YamlNode> list(String what) {
        if (!(node instanceof SequenceNode sequence)) {
            throw error(what + " must be a list, not " + found());
        }
        List<YamlNode> values = new ArrayList<>();
        for (Node value : sequence.getValue()) {
            values.add(new YamlNode(file, value));
        }
        return values;
    }

    /** The texts of a list of texts. */
    public List<String> strings(String what) {
        return list(what).stream().map(value -> value.string("each of " + what)).toList();
    }

    /** A string; numbers, dates and words such as {@code yes} have to be quoted to be one. */
    public String string(String what) {
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
            throw error(what + " must be a text, not " + found() + (node instanceof ScalarNode ? "; quote it" : ""));
        }
        return scalar.getValue();
    }

    /** A string that is not blank. */
    String name(String what) {
        String value = string(what);
        if (value.isBlank()) {
            throw error(what + " must not be empty");
        }
        return value;
    }

    /** The text of a single value that is not null, whatever its type. */
    public String scalar(String what, String expected) {
        if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            throw error(what + " must be " + expected + ", not " + found());
        }
        return scalar.getValue();
    }

    boolean flag(String what) {
        String text = scalar(what, "true or false");
        if (isQuoted() || !(text.equals("true") || text.equals("false"))) {
            throw error(what + " must be true or false, not " + found());
        }
        return text.equals("true");
    }

    /** Whether this is a value in quotes or a block of text, which is never a number. */
    boolean isQuoted() {
        return node instanceof ScalarNode scalar && !scalar.isPlain();
    }

    int positiveInteger(String what) {
        String text = scalar(what, "a whole number");
        try {
            int value = Integer.parseInt(text);
            if (value > 0 && !isQuoted()) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Below.
        }
        throw error(what + " must be a whole number from 1 to " + Integer.MAX_VALUE + ", not " + found());
    }

    /** What stands here, for an error. */
    String found() {
        if (node instanceof ScalarNode scalar) {
            return scalar.getTag().equals(Tag.NULL) ? "nothing" : ErrorText.quoted(scalar.getValue());
        }
        return isList() ? "a list" : "a mapping";
    }
}
