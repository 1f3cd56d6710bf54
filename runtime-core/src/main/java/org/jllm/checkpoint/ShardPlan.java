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

/** Which weights go into which safetensors file. */
record ShardPlan(List<Shard> shards) {
    /** The layer before the softmax. Where it is the table of embeddings too, readers know it by that name. */
    private static final Pattern HEAD = Pattern.compile(
            "(.*\\.)?(lm_head|embed_out|output_layer|predictions\\.decoder|lm_head\\.decoder)\\.weight");

    /** A weight and the name that it is written under. */
    record Entry(String name, Weight weight) {
        private long bytes() {
            return weight.unpackedBytes();
        }
    }

    /**
     * A file to write.
     *
     * @param tensors those of the largest elements first, so that all are aligned
     * @param metadata its format, and names of tensors that are the same as another one
     */
    record Shard(String file, List<Entry> tensors, Map<String, String> metadata) {
        List<Announced> announced() {
            return tensors.stream()
                    .map(tensor -> new Announced(
                            tensor.name(),
                            tensor.weight().type(),
                            tensor.weight().shape()))
                    .toList();
        }

        private long bytes() {
            return tensors.stream().mapToLong(Entry::bytes).sum();
        }
    }

    /** @param name of the file, if it is a single one, without its ending */
    static ShardPlan of(Map<String, ? extends Weight> weights, String name, long shardBytes) {
        Map<Weight, List<String>> names = new LinkedHashMap<>();
        weights.forEach((each, weight) ->
                names.computeIfAbsent(place(weight), key -> new ArrayList<>()).add(each));
        List<List<Entry>> groups = new ArrayList<>();
        List<Entry> group = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<Weight, List<String>> place : names.entrySet()) {
            List<String> all = place.getValue();
            all.sort(Comparator.comparing(other -> HEAD.matcher(other).matches()));
            Entry entry = new Entry(all.get(0), place.getKey());
            if (!group.isEmpty() && bytes + entry.bytes() > shardBytes) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = 0;
            }
            bytes += entry.bytes();
            group.add(entry);
        }
        groups.add(group);
        List<Shard> shards = new ArrayList<>();
        for (List<Entry> tensors : groups) {
            String file = groups.size() == 1
                    ? name
                    : String.format(Locale.ROOT, "%s-%05d-of-%05d", name, shards.size() + 1, groups.size());
            shards.add(shard(file + ".safetensors", tensors, names));
        }
        return new ShardPlan(shards);
    }

    /** What is the same for two names of the same bytes. */
    private static Weight place(Weight weight) {
        return weight instanceof StoredTensor stored ? stored.named("") : weight;
    }

    private static Shard shard(String file, List<Entry> tensors, Map<Weight, List<String>> names) {
        Map<String, String> metadata = new TreeMap<>(Map.of(FileTensors.FORMAT, "pt"));
        List<Entry> sorted = new ArrayList<>(tensors);
        for (Entry tensor : tensors) {
            List<String> all = names.getOrDefault(tensor.weight(), List.of());
            for (String alias : all.subList(1, all.size())) {
                if (alias.equals(FileTensors.FORMAT)) {
                    sorted.add(new Entry(alias, tensor.weight()));
                } else {
                    metadata.put(alias, tensor.name());
                }
            }
        }
        sorted.sort(
                Comparator.comparing((Entry tensor) -> tensor.weight().type().bytes())
                        .reversed());
        return new Shard(file, sorted, metadata);
    }

    /** Bytes of all tensors. */
    long bytes() {
        return shards.stream().mapToLong(Shard::bytes).sum();
    }
}
