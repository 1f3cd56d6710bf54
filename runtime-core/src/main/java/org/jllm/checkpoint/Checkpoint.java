package org.jllm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * The tensors of a repository by name: safetensors or a file of PyTorch, single or in the shards that an index lists. Only
 * headers are read. Immutable.
 */
public final class Checkpoint {
    private static final String SAFETENSORS = ".safetensors";

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
        Path file = CheckpointFiles.find(folder);
        return file.toString().endsWith(CheckpointFiles.INDEX) ? new Checkpoint(shards(file)) : read(file);
    }

    /**
     * Opens the tensors of an adapter: {@code adapter_model.safetensors}, else {@code adapter_model.bin}.
     *
     * @throws ModelNotFoundException if there is none
     * @throws InvalidModelException if the file is damaged
     */
    public static Checkpoint openAdapter(Path folder) {
        return read(CheckpointFiles.findAdapter(folder));
    }

    /**
     * The tensors of a single file, whose name says its format: {@code .safetensors}, or any other for PyTorch's.
     *
     * @throws InvalidModelException if the file is damaged, or missing
     */
    public static Checkpoint read(Path file) {
        FileTensors content = tensors(file);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Stream.concat(content.tensors().stream(), content.aliases().stream())
                .forEach(tensor -> tensors.put(tensor.name(), tensor));
        return new Checkpoint(tensors);
    }

    /**
     * The metadata of a safetensors file.
     *
     * @throws InvalidModelException if the file is damaged, or missing
     */
    public static Map<String, String> metadata(Path file) {
        return SafetensorsHeader.metadata(file);
    }

    private static FileTensors tensors(Path file) {
        return file.toString().endsWith(SAFETENSORS)
                ? SafetensorsHeader.read(file)
                : new FileTensors(PyTorchFile.read(file), List.of());
    }

    private static Map<String, StoredTensor> shards(Path index) {
        JsonNode map = StrictJson.object(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new InvalidModelException(index + " has no weight_map that says where the tensors are");
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        map.properties().forEach(property -> shardOf.put(property.getKey(), shardName(index, property.getValue())));
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        List<StoredTensor> aliases = new ArrayList<>();
        for (String shard : new TreeSet<>(shardOf.values())) {
            FileTensors content = tensors(shardFile(index, shard));
            aliases.addAll(content.aliases());
            for (StoredTensor tensor : content.tensors()) {
                if (!shard.equals(shardOf.get(tensor.name()))) {
                    throw new InvalidModelException("tensor '" + StrictJson.bounded(tensor.name()) + "' is in " + shard
                            + ", but " + index + " has it in " + shardOf.getOrDefault(tensor.name(), "no file"));
                }
                tensors.put(tensor.name(), tensor);
            }
        }
        aliases.forEach(alias -> tensors.putIfAbsent(alias.name(), alias));
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
        String ending = index.toString().endsWith(SAFETENSORS + CheckpointFiles.INDEX) ? SAFETENSORS : ".bin";
        if (!name.matches("[^/\\\\:\\p{Cc}]+\\" + ending)) {
            throw new InvalidModelException(
                    index + ": " + StrictJson.shown(value) + " is no name of a file *" + ending + " beside it");
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

    /** The tensors without those that are the same bytes under another name; of each, the first. */
    public List<StoredTensor> distinct() {
        Map<StoredTensor, StoredTensor> places = new LinkedHashMap<>();
        tensors.values().forEach(tensor -> places.putIfAbsent(tensor.named(""), tensor));
        return List.copyOf(places.values());
    }

    /** Bytes of all tensors, those counted once that are the same. */
    public long bytes() {
        return distinct().stream().mapToLong(StoredTensor::byteLength).sum();
    }
}
