package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;

final class RustTokenizer {
    static Tokenizer load(Path json, ObjectNode config, Map<String, Path> files, String slow) {
        throw new org.jllm.api.UnsupportedModelException("later");
    }
}
