package org.jllm.server;

import java.util.List;

/** The body of {@code GET /v1/models}. */
record ModelList(String object, List<Entry> data) {
    record Entry(String id, String object, long created, String ownedBy) {}

    static ModelList of(List<ModelHost.Offered> offered) {
        return new ModelList("list", offered.stream().map(ModelList::entry).toList());
    }

    static Entry entry(ModelHost.Offered offered) {
        return new Entry(offered.id(), "model", offered.created(), offered.ownedBy());
    }
}
