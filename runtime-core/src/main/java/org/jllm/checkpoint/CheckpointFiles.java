package org.jllm.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;

/** Which files of a folder hold the weights. */
final class CheckpointFiles {
    static final String SAFETENSORS = "model.safetensors";
    static final String INDEX = ".index.json";
    static final String PYTORCH = "pytorch_model.bin";

    private static final Pattern OF_PYTORCH = Pattern.compile(".+\\.(bin|pt|pth|ckpt)");
    /** What training leaves beside the weights. */
    private static final Pattern OF_TRAINING =
            Pattern.compile("(training_args|optimizer|scheduler|scaler|rng_state|random_states|trainer).*");

    private static final Pattern OTHER = Pattern.compile(".+\\.(h5|msgpack|gguf|onnx|nemo|npz|ot|tflite)");

    private CheckpointFiles() {}

    /**
     * The file that holds the weights, or the index of those that do: in the order in which Transformers looks, then a
     * single file of PyTorch under any other name.
     *
     * @throws ModelNotFoundException if there is none
     * @throws UnsupportedModelException if there is one in another format, or it is not clear which
     */
    static Path find(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelNotFoundException(folder + (Files.exists(folder) ? " is no folder" : " does not exist"));
        }
        for (String name : List.of(SAFETENSORS, SAFETENSORS + INDEX, PYTORCH, PYTORCH + INDEX)) {
            if (Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                return folder.resolve(name);
            }
        }
        List<String> names = names(folder);
        List<String> candidates = names.stream()
                .filter(name -> OF_PYTORCH.matcher(name).matches()
                        && !OF_TRAINING.matcher(name).matches())
                .toList();
        if (candidates.size() == 1 && !candidates.get(0).matches(".*-of-\\d+\\..*")) {
            return folder.resolve(candidates.get(0));
        }
        if (!candidates.isEmpty()) {
            throw new UnsupportedModelException(folder + " has the weights files "
                    + candidates.stream().limit(4).collect(Collectors.joining(", "))
                    + " but no " + PYTORCH + INDEX + " that says which belong together");
        }
        throw names.stream()
                .filter(name -> OTHER.matcher(name.toLowerCase(Locale.ROOT)).matches())
                .findFirst()
                .<RuntimeException>map(name -> new UnsupportedModelException(folder + " has its weights as " + name
                        + ", a format that this engine does not read: it needs " + SAFETENSORS + " or " + PYTORCH))
                .orElseGet(() -> new ModelNotFoundException(folder + " has no weights: neither " + SAFETENSORS + " nor "
                        + PYTORCH + ", nor the index of either"));
    }

    /** The name, without its ending, that the weights of a folder have as safetensors. */
    static String newName(Path folder) {
        String adapter = "adapter_model";
        return String.valueOf(find(folder).getFileName()).startsWith(adapter) ? adapter : "model";
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Whether a file is one of weights, in this format or another, or an index of them. */
    static boolean isOfWeights(String name) {
        return OF_PYTORCH.matcher(name).matches()
                || OTHER.matcher(name).matches()
                || name.endsWith(".safetensors")
                || name.endsWith(INDEX);
    }
}
