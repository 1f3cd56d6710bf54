package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** What the decoder of a tokenizer.json makes of a single token: its bytes. */
final class RustDecoder {
    private boolean byteLevel;
    private boolean byteFallback;
    private int leadingSpacesDropped;
    private String before = "";
    private String wordPrefix = "";
    private String wordSuffix = "";
    private boolean cleansUp;
    private final Map<String, String> replaced = new HashMap<>();

    RustDecoder(JsonNode decoder) {
        if (decoder.isMissingNode() || decoder.isNull()) {
            // The library then puts spaces between tokens.
            before = " ";
            leadingSpacesDropped = 1;
        }
        read(decoder);
    }

    private void read(JsonNode decoder) {
        switch (decoder.path("type").asText()) {
            case "Sequence" -> decoder.path("decoders").forEach(this::read);
            case "ByteLevel" -> byteLevel = true;
            case "ByteFallback" -> byteFallback = true;
            case "Metaspace" -> {
                replaced.put(decoder.path("replacement").asText("▁"), " ");
                boolean prepends = decoder.path("add_prefix_space").asBoolean(true)
                        && !decoder.path("prepend_scheme").asText().equals("never");
                leadingSpacesDropped += prepends ? 1 : 0;
            }
            case "Strip" ->
                leadingSpacesDropped += decoder.path("content").asText().equals(" ")
                        ? decoder.path("start").asInt()
                        : 0;
            case "Replace" -> {
                JsonNode pattern = decoder.path("pattern");
                String regex = pattern.path("Regex").asText();
                String content = decoder.path("content").asText();
                if (regex.endsWith("^ ") && content.isEmpty()) {
                    leadingSpacesDropped++;
                } else {
                    replaced.put(pattern.path("String").asText(regex), content);
                }
            }
            case "WordPiece" -> {
                wordPrefix = decoder.path("prefix").asText("##");
                cleansUp = decoder.path("cleanup").asBoolean(true);
                leadingSpacesDropped = 1;
            }
            case "BPEDecoder" -> wordSuffix = decoder.path("suffix").asText("</w>");
            default -> {
                // Fuse and others leave single tokens as they are.
            }
        }
    }

    int leadingSpacesDropped() {
        return leadingSpacesDropped;
    }

    byte[] bytes(String token) {
        if (byteLevel) {
            return ByteAlphabet.bytes(token);
        }
        int value = byteFallback ? Vocabulary.byteOf(token) : -1;
        if (value >= 0) {
            return new byte[] {(byte) value};
        }
        String text = before + token;
        if (!wordPrefix.isEmpty()) {
            text = text.startsWith(wordPrefix) ? text.substring(wordPrefix.length()) : " " + text;
            text = cleansUp ? SpaceCleaner.clean(text) : text;
        }
        if (!wordSuffix.isEmpty()) {
            text = text.replace(wordSuffix, " ");
        }
        for (Map.Entry<String, String> entry : replaced.entrySet()) {
            text = text.replace(entry.getKey(), entry.getValue());
        }
        return Utf8.encode(text);
    }
}
