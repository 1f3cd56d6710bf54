package org.jllm.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JSON object in each line. */
final class JsonSource extends LookAhead {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ByteLines lines;
    private final List<String> fields;

    JsonSource(ByteLines lines, List<String> fields) {
        this.lines = lines;
        this.fields = List.copyOf(fields);
    }

    @Override
    Optional<TextRecord> read() {
        Optional<TextRecord> line = lines.next();
        while (line.isPresent()
                && line.get().text() != null
                && line.get().text().isBlank()) {
            line = lines.next();
        }
        return line.map(this::texts);
    }

    private TextRecord texts(TextRecord line) {
        String json = line.text();
        if (json == null) {
            return line;
        }
        JsonNode object;
        try {
            object = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return TextRecord.broken(line.line(), "is not JSON: " + e.getOriginalMessage());
        }
        if (!object.isObject()) {
            return TextRecord.broken(line.line(), "is no JSON object");
        }
        List<String> texts = new ArrayList<>();
        for (String field : fields) {
            JsonNode value = field.startsWith("/") ? object.at(field) : object.path(field);
            if (!value.isTextual()) {
                String found = value.isMissingNode() ? "has no field" : "has no text in its field";
                return TextRecord.broken(line.line(), found + " '" + field + "'");
            }
            texts.add(value.textValue());
        }
        return TextRecord.of(line.line(), String.join(" ", texts));
    }

    @Override
    public long bytes() {
        return lines.bytes();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
