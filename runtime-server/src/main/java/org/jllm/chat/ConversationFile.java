package org.jllm.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Message;
import org.jllm.checkpoint.PartialFile;

/** A conversation in a JSON file: {@code {"system": …, "messages": [{"role": …, "content": …}, …]}}. */
final class ConversationFile {
    private static final long MOST_BYTES = 64 << 20;

    private final Path file;
    private final ObjectMapper mapper = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    ConversationFile(Path file) {
        this.file = file;
    }

    /** Writes all or nothing; a file of that name is replaced. */
    void write(Conversation conversation) {
        ObjectNode root = mapper.createObjectNode();
        if (conversation.system() != null) {
            root.put("system", conversation.system());
        }
        var messages = root.putArray("messages");
        conversation
                .messages()
                .forEach(message -> messages.addObject()
                        .put("role", message.role().wireName())
                        .put("content", message.content()));
        if (Files.isDirectory(file)) {
            throw new InvalidRequestException("cannot write " + file + ": it is a folder");
        }
        try (PartialFile partial =
                new PartialFile(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root))) {
            partial.finish();
        } catch (IOException e) {
            throw new InvalidRequestException("cannot write " + file + ": " + reason(e), e);
        }
    }

    /** Reads a conversation; a field or an order that {@link #write} does not make is an error. */
    Conversation read() {
        JsonNode root = parse();
        checkFields(root, Set.of("system", "messages"), "it");
        JsonNode system = root.path("system");
        if (!system.isMissingNode() && !system.isNull() && !system.isTextual()) {
            throw error("system must be a text");
        }
        JsonNode nodes = root.path("messages");
        if (!nodes.isArray() || nodes.size() % 2 != 0) {
            throw error("messages must be a list of questions and answers in turn");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonNode node : nodes) {
            messages.add(message(node, messages.size()));
        }
        return new Conversation(system.isTextual() ? system.textValue() : null, messages);
    }

    private Message message(JsonNode node, int index) {
        String where = "messages[" + index + "]";
        checkFields(node, Set.of("role", "content"), where);
        Message.Role role = index % 2 == 0 ? Message.Role.USER : Message.Role.ASSISTANT;
        if (!node.path("role").asText().equals(role.wireName())) {
            throw error(where + ".role must be \"" + role.wireName() + "\"");
        }
        if (!node.path("content").isTextual()) {
            throw error(where + ".content must be a text");
        }
        return new Message(role, node.path("content").textValue());
    }

    private void checkFields(JsonNode node, Set<String> known, String where) {
        if (!node.isObject()) {
            throw error(where + " must be a JSON object");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw error(where + " has the unknown field \"" + name + "\"; known are "
                        + String.join(", ", new TreeSet<>(known)));
            }
        });
    }

    private JsonNode parse() {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw error("it is no file");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw error("it is larger than 64 MiB");
            }
            return mapper.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            throw new InvalidRequestException(
                    "cannot load " + file + ": it is no JSON: " + e.getOriginalMessage() + line, e);
        } catch (IOException e) {
            throw new InvalidRequestException("cannot load " + file + ": " + reason(e), e);
        }
    }

    private InvalidRequestException error(String what) {
        return new InvalidRequestException("cannot load " + file + ": " + what);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
