package org.jllm.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import org.jllm.api.ModelStatistics;
import org.jspecify.annotations.Nullable;

/** The body of {@code GET /api/ps}: what is in memory. */
record ResidentList(List<Row> models) {
    /** Times are whole seconds, bytes those of the weights; {@code unloadsInSeconds} is null for a model that stays. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Row(
            String model,
            String state,
            long bytes,
            @Nullable Integer contextLength,
            int running,
            int waiting,
            long idleSeconds,
            @Nullable Long unloadsInSeconds) {}

    static ResidentList of(List<Resident> residents) {
        return new ResidentList(residents.stream().map(ResidentList::row).toList());
    }

    private static Row row(Resident resident) {
        ServedModel loaded = resident.loaded().orElse(null);
        ModelStatistics work =
                loaded instanceof ServedModel.Texts texts ? texts.model().statistics() : null;
        return new Row(
                resident.id(),
                resident.state().key(),
                resident.bytes(),
                loaded == null ? null : loaded.contextLength(),
                work == null ? resident.leases() : work.running(),
                work == null ? 0 : work.waiting(),
                resident.idle().toSeconds(),
                resident.unloadsIn().map(Duration::toSeconds).orElse(null));
    }
}
