package org.jllm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;

/**
 * The tensors of a repository by name: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} lists. Only headers are read. Immutable.
 */
public final class Checkpoint {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Map<String, StoredTensor> tensors;

    private Checkpoint(Map<String, StoredTensor> tensors) {
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Opens the checkpoint in a folder.
     *
     * @throws ModelNotFoundException if there is none
     * @throws UnsupportedModelException if there is one in another format
     * @throws InvalidModelException if a file is damaged, or the files contradict each other
     */
    public static Checkpoint open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelNotFoundException(folder + (Files.exists(folder) ? " is no folder" : " does not exist"));
        }
        if (Files.exists(folder.resolve(SINGLE), LinkOption.NOFOLLOW_LINKS)) {
            return new Checkpoint(byName(SafetensorsHeader.read(folder.resolve(SINGLE))));
        }
        if (Files.exists(folder.resolve(INDEX), LinkOption.NOFOLLOW_LINKS)) {
            return new Checkpoint(shards(folder));
        }
        throw nothing(folder);
    }

    private static Map<String, StoredTensor> shards(Path folder) {
        Path index = folder.resolve(INDEX);
        JsonNode map = StrictJson.object(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new InvalidModelException(index + " has no weight_map that says where the tensors are");
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        map.properties().forEach(property -> shardOf.put(property.getKey(), shardName(index, property.getValue())));
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (String shard : new TreeSet<>(shardOf.values())) {
            for (StoredTensor tensor : SafetensorsHeader.read(shardFile(index, shard))) {
                if (!shard.equals(shardOf.get(tensor.name()))) {
                    throw new InvalidModelException("tensor '" + StrictJson.bounded(tensor.name()) + "' is in " + shard
                            + ", but " + index + " has it in " + shardOf.getOrDefault(tensor.name(), "no file"));
                }
                tensors.put(tensor.name(), tensor);
            }
        }
        shardOf.forEach((name, shard) -> {
            if (!tensors.containsKey(name)) {
                throw new InvalidModelException("tensor '" + StrictJson.bounded(name) + "' is not in " + shard
                        + ", where " + index + " has it");
            }
        });
        return tensors;
    }

    /** A shard is a file beside the index; any other path could lead out of the model's folder. */
    private static String shardName(Path index, JsonNode value) {
        String name = value.isTextual() ? value.textValue() : "";
        if (!name.matches("[^/\\\\:\\p{Cc}]+\\.safetensors")) {
            throw new InvalidModelException(
                    index + ": " + StrictJson.shown(value) + " is no name of a safetensors file");
        }
        return name;
    }

    private static Path shardFile(Path index, String name) {
        try {
            return index.resolveSibling(name);
        } catch (InvalidPathException e) {
            throw new InvalidModelException(
                    index + ": this machine cannot name a file " + name + "; is its locale UTF-8?", e);
        }
    }

    private static Map<String, StoredTensor> byName(List<StoredTensor> list) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        list.forEach(tensor -> tensors.put(tensor.name(), tensor));
        return tensors;
    }

    private static RuntimeException nothing(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches(".*\\.(bin|pt|pth|ckpt|h5|msgpack|gguf)"))
                    .sorted()
                    .findFirst()
                    .<RuntimeException>map(name -> new UnsupportedModelException(folder + " has its weights as " + name
                            + ", a format that this version does not read: it needs " + SINGLE))
                    .orElseGet(() -> new ModelNotFoundException(
                            folder + " has no weights: neither " + SINGLE + " nor " + INDEX));
        } catch (IOException e) {
            return new InvalidModelException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * The same tensors under other names, by which {@link #tensors} and {@link #require} find them.
     *
     * @param names the new name for each
     * @throws InvalidModelException if two get the same
     */
    public Checkpoint renamed(UnaryOperator<String> names) {
        Map<String, StoredTensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            String other = names.apply(name);
            StoredTensor first = renamed.put(other, tensor);
            if (first != null) {
                throw new InvalidModelException("tensors '" + StrictJson.bounded(first.name()) + "' and '"
                        + StrictJson.bounded(tensor.name()) + "' are the same to the model");
            }
        });
        return new Checkpoint(renamed);
    }

    /** All tensors by name, in the order of their files and bytes. */
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /**
     * The tensor of a name.
     *
     * @throws InvalidModelException if there is none
     */
    public StoredTensor require(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InvalidModelException("the checkpoint lacks tensor '" + name + "'");
        }
        return tensor;
    }

    /** Bytes of all tensors. */
    public long bytes() {
        return tensors.values().stream().mapToLong(StoredTensor::byteLength).sum();
    }
}
