package org.jllm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jllm.Jllm;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Task;
import org.jllm.catalogue.TemplateChoice;

/** Catalogue entries as {@code list --json} and {@code show --json} print them. */
final class Entries {
    private Entries() {}

    static ObjectNode json(Entry entry, Jllm jllm, ObjectMapper mapper) {
        ObjectNode node = mapper.createObjectNode();
        node.put("id", entry.id());
        node.putPOJO("aliases", entry.aliases());
        node.put("family", entry.family());
        node.put("section", entry.section());
        node.put("developer", entry.developer());
        node.put("architecture", entry.architecture());
        node.put("loader", entry.loader());
        node.putPOJO("tasks", entry.tasks().stream().map(Task::key).toList());
        node.put("license", entry.license().name());
        TemplateChoice template = entry.template();
        node.put("template", template == null ? null : template.name());
        node.put("context", entry.context());
        node.put("size", entry.size().text());
        node.put("state", jllm.files().state(entry.location()).label());
        node.put("commercial", entry.license().commercial().key());
        node.put("runs", jllm.readiness(entry).state().key());
        return node;
    }
}
