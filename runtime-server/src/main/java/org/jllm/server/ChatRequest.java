package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.Message;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/chat/completions}. */
record ChatRequest(ReplyOptions reply, List<Message> messages, GenerationOptions options) {
    private static final List<String> UNSUPPORTED = List.of(
            "tools",
            "tool_choice",
            "functions",
            "function_call",
            "modalities",
            "audio",
            "prediction",
            "reasoning_effort",
            "verbosity",
            "web_search_options");

    static ChatRequest parse(Fields fields, RequestLimits limits) {
        String model = fields.required("model", fields.text("model"));
        JsonNode messages = fields.required("messages", fields.value("messages"));
        fields.refuse(UNSUPPORTED);
        responseFormat(fields);
        boolean stream = fields.flag("stream");
        Integer n = fields.integer("n", 1, limits.choices());
        Integer maxTokens = SamplingFields.same(
                fields, "max_tokens", "max_completion_tokens", name -> fields.integer(name, 1, limits.maxTokens()));
        ReplyOptions reply = new ReplyOptions(
                model, n == null ? 1 : n, stream, SamplingFields.includeUsage(fields, stream), topLogprobs(fields));
        GenerationOptions options = SamplingFields.read(fields, limits, maxTokens);
        fields.ignore(SamplingFields.IGNORED);
        fields.ignore(List.of("parallel_tool_calls"));
        fields.end();
        return new ChatRequest(reply, messages(messages, limits), options);
    }

    private static @Nullable Integer topLogprobs(Fields fields) {
        boolean logprobs = fields.flag("logprobs");
        Integer top = fields.integer("top_logprobs", 0, GenerationRequest.MOST_TOP_LOGPROBS);
        if (top != null && !logprobs) {
            throw ApiException.field("top_logprobs", "needs logprobs to be true");
        }
        return logprobs ? Objects.requireNonNullElse(top, 0) : null;
    }

    private static void responseFormat(Fields fields) {
        Fields format = fields.object("response_format");
        if (format != null && !"text".equals(format.text("type"))) {
            throw ApiException.field("response_format", "is supported with the type text only");
        }
    }

    static List<Message> messages(JsonNode value, RequestLimits limits) {
        if (!value.isArray() || value.isEmpty()) {
            throw Fields.wrong("messages", "a list of at least one message", value);
        }
        SamplingFields.atMost("messages", value.size(), limits.messages(), "messages");
        List<Message> messages = new ArrayList<>();
        long chars = 0;
        for (JsonNode each : value) {
            Message message = message(Fields.object(each, "messages[" + messages.size() + "]"));
            chars += message.content().length();
            messages.add(message);
        }
        SamplingFields.atMost("messages", chars, limits.chars(), "characters");
        return messages;
    }

    private static Message message(Fields fields) {
        String role = fields.required("role", fields.text("role"));
        fields.refuse(List.of("tool_calls", "tool_call_id", "function_call", "audio", "refusal", "name"));
        Message.Role speaker = switch (role) {
            case "system", "developer" -> Message.Role.SYSTEM;
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            default ->
                throw ApiException.field(
                        fields.name("role"), "must be system, developer, user or assistant, not " + Json.bounded(role));
        };
        // The messages that clients send back from an answer have these.
        fields.ignore(List.of("annotations"));
        String content = content(fields.required("content", fields.value("content")), fields.name("content"));
        fields.end();
        return new Message(speaker, content);
    }

    private static String content(JsonNode value, String name) {
        if (value.isTextual()) {
            return Fields.text(value, name);
        }
        if (!value.isArray()) {
            throw Fields.wrong(name, "a string or a list of text parts", value);
        }
        StringBuilder content = new StringBuilder();
        int index = 0;
        for (JsonNode each : value) {
            Fields part = Fields.object(each, name + "[" + index++ + "]");
            String type = part.required("type", part.text("type"));
            if (!type.equals("text")) {
                throw ApiException.field(
                        part.name("type"), "must be text: parts of type " + Json.bounded(type) + " are not supported");
            }
            content.append(part.required("text", part.text("text")));
            part.end();
        }
        return content.toString();
    }
}
