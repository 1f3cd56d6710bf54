package org.jllm.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jllm.api.ModelNotFoundException;

/** The weights in one folder of a repository: the first form of these that it has. */
record WeightFiles(RepositoryListing listing, String folder) {
    private static final List<String> NAMES = List.of(
            "model.safetensors",
            "model.safetensors.index.json",
            "adapter_model.safetensors",
            "pytorch_model.bin",
            "pytorch_model.bin.index.json",
            "adapter_model.bin");
    /** Names of no convention: of quantised weights and of other libraries. */
    private static final List<Pattern> OTHERS = List.of(
            Pattern.compile(".*\\.safetensors"),
            Pattern.compile("(?!training_args|optimizer|scheduler|rng_state|random_states).*\\.bin"),
            Pattern.compile(".*\\.pth"),
            Pattern.compile("(?!training_args|optimizer|scheduler|rng_state|random_states).*\\.pt"));

    private static final String INDEX = ".index.json";

    /** The index of shards, if the weights are that. */
    Optional<RepositoryFile> index() {
        return conventional().filter(file -> file.path().endsWith(INDEX));
    }

    private Optional<RepositoryFile> conventional() {
        return NAMES.stream()
                .map(name -> listing.find(folder + name))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Empty if the folder has no weights.
     *
     * @param shards the names in an index
     */
    List<RepositoryFile> files(Function<RepositoryFile, Set<String>> shards) {
        Optional<RepositoryFile> first = conventional();
        if (first.isEmpty()) {
            return others();
        }
        if (!first.get().path().endsWith(INDEX)) {
            return List.of(first.get());
        }
        List<RepositoryFile> files = new ArrayList<>(List.of(first.get()));
        for (String shard : shards.apply(first.get())) {
            files.add(listing.find(folder + shard)
                    .orElseThrow(() -> new ModelNotFoundException(listing.id() + " lacks " + shard + ", which its "
                            + first.get().path() + " names")));
        }
        return files;
    }

    private List<RepositoryFile> others() {
        for (Pattern form : OTHERS) {
            List<RepositoryFile> files = listing.files().stream()
                    .filter(file -> file.folder().equals(folder)
                            && form.matcher(file.name()).matches())
                    .toList();
            if (!files.isEmpty()) {
                return files;
            }
        }
        return List.of();
    }
}
