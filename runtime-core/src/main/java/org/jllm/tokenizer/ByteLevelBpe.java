package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.StrictJson;

/** Writes the tokenizer.json of a byte-level BPE that is given as {@code vocab.json} and {@code merges.txt}. */
final class ByteLevelBpe {
    private ByteLevelBpe() {}

    static ObjectNode read(Path vocabulary, Path merges) {
        ObjectNode root = TokenizerJson.object().put("version", "1.0");
        root.putArray("added_tokens");
        root.putNull("normalizer");
        root.set("pre_tokenizer", step());
        root.putNull("post_processor");
        root.set("decoder", step());
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.set("vocab", StrictJson.object(vocabulary));
        ArrayNode list = model.putArray("merges");
        for (String line : lines(merges)) {
            if (!line.isBlank() && !line.startsWith("#version")) {
                list.add(line);
            }
        }
        return root;
    }

    private static ObjectNode step() {
        return TokenizerJson.object()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
