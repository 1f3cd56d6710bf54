package org.jllm.server;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A model that takes memory now.
 *
 * @param bytes that its weights were reckoned with
 * @param leases requests that hold it
 * @param loaded empty while it is loading
 * @param idle how long nobody has used it; zero while somebody does
 * @param unloadsIn empty: it is in use, or stays for ever
 */
record Resident(
        String id,
        State state,
        long bytes,
        int leases,
        Optional<ServedModel> loaded,
        Duration idle,
        Optional<Duration> unloadsIn) {
    /** From the begin of loading to the end of unloading. */
    enum State {
        LOADING,
        LOADED,
        UNLOADING;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
