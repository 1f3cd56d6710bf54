package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of {@code POST /rerank}, as Jina and Cohere have it.
 *
 * @param top how many documents the reply has at most
 * @param returnDocuments whether the reply has their texts, too
 */
record RerankRequest(String model, String query, List<String> documents, int top, boolean returnDocuments) {
    private static final String DOCUMENTS = "documents";

    static RerankRequest parse(Fields fields, RequestLimits limits) {
        String model = fields.required("model", fields.text("model"));
        String query = text(fields.required("query", fields.text("query")), "query");
        List<String> documents = documents(fields.required(DOCUMENTS, fields.value(DOCUMENTS)), limits);
        Integer top = fields.integer("top_n", 1, Integer.MAX_VALUE);
        boolean returnDocuments = fields.flag("return_documents");
        fields.ignore(List.of("user"));
        fields.end();
        long chars =
                query.length() + documents.stream().mapToLong(String::length).sum();
        SamplingFields.atMost(DOCUMENTS, chars, limits.chars(), "characters with the query");
        int count = documents.size();
        return new RerankRequest(model, query, documents, top == null ? count : Math.min(top, count), returnDocuments);
    }

    private static List<String> documents(JsonNode value, RequestLimits limits) {
        if (!value.isArray() || value.isEmpty()) {
            throw Fields.wrong(DOCUMENTS, "a list of strings or of objects with a text", value);
        }
        EmbeddingRequest.mostTexts(DOCUMENTS, value.size(), limits);
        List<String> documents = new ArrayList<>();
        for (JsonNode each : value) {
            documents.add(document(each, DOCUMENTS + '[' + documents.size() + ']'));
        }
        return documents;
    }

    private static String document(JsonNode value, String name) {
        if (value.isTextual()) {
            return text(Fields.text(value, name), name);
        }
        if (!value.isObject()) {
            throw Fields.wrong(name, "a string or an object with a text", value);
        }
        Fields fields = Fields.object(value, name);
        String text = fields.required("text", fields.text("text"));
        fields.end();
        return text(text, fields.name("text"));
    }

    private static String text(String text, String name) {
        if (text.isEmpty()) {
            throw ApiException.field(name, "is an empty string");
        }
        return text;
    }
}
