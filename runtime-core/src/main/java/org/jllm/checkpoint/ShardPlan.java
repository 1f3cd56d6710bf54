package org.jllm.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/** Which tensors of a checkpoint go into which safetensors file. */
record ShardPlan(List<Shard> shards) {
    /** The layer before the softmax. Where it is the table of embeddings too, readers know it by that name. */
    private static final Pattern HEAD = Pattern.compile(
            "(.*\\.)?(lm_head|embed_out|output_layer|predictions\\.decoder|lm_head\\.decoder)\\.weight");

    /**
     * A file to write.
     *
     * @param tensors those of the largest elements first, so that all are aligned
     * @param metadata its format, and names of tensors that are the same as another one
     */
    record Shard(String file, List<StoredTensor> tensors, Map<String, String> metadata) {
        List<Announced> announced() {
            return tensors.stream()
                    .map(tensor -> new Announced(tensor.name(), tensor.type(), tensor.shape()))
                    .toList();
        }

        private long bytes() {
            return tensors.stream().mapToLong(StoredTensor::byteLength).sum();
        }
    }

    /** @param name of the file, if it is a single one, without its ending */
    static ShardPlan of(Checkpoint checkpoint, String name, long shardBytes) {
        Map<StoredTensor, List<String>> names = new LinkedHashMap<>();
        checkpoint
                .tensors()
                .values()
                .forEach(tensor -> names.computeIfAbsent(tensor.named(""), key -> new ArrayList<>())
                        .add(tensor.name()));
        List<List<StoredTensor>> groups = new ArrayList<>();
        List<StoredTensor> group = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<StoredTensor, List<String>> entry : names.entrySet()) {
            StoredTensor tensor = entry.getKey();
            if (!group.isEmpty() && bytes + tensor.byteLength() > shardBytes) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = 0;
            }
            bytes += tensor.byteLength();
            entry.getValue()
                    .sort(Comparator.comparing(other -> HEAD.matcher(other).matches()));
            group.add(tensor.named(entry.getValue().get(0)));
        }
        groups.add(group);
        List<Shard> shards = new ArrayList<>();
        for (List<StoredTensor> tensors : groups) {
            String file = groups.size() == 1
                    ? name
                    : String.format(Locale.ROOT, "%s-%05d-of-%05d", name, shards.size() + 1, groups.size());
            shards.add(shard(file + ".safetensors", tensors, names));
        }
        return new ShardPlan(shards);
    }

    private static Shard shard(String file, List<StoredTensor> tensors, Map<StoredTensor, List<String>> names) {
        Map<String, String> metadata = new TreeMap<>(Map.of(FileTensors.FORMAT, "pt"));
        List<StoredTensor> sorted = new ArrayList<>(tensors);
        for (StoredTensor tensor : tensors) {
            List<String> all = names.getOrDefault(tensor.named(""), List.of());
            for (String alias : all.subList(1, all.size())) {
                if (alias.equals(FileTensors.FORMAT)) {
                    sorted.add(tensor.named(alias));
                } else {
                    metadata.put(alias, tensor.name());
                }
            }
        }
        sorted.sort(Comparator.comparing((StoredTensor tensor) -> tensor.type().bytes())
                .reversed());
        return new Shard(file, sorted, metadata);
    }

    /** Bytes of all tensors. */
    long bytes() {
        return shards.stream().mapToLong(Shard::bytes).sum();
    }
}
