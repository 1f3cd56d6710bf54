package org.jllm.server;

import java.util.List;
import java.util.Optional;
import org.jllm.api.LanguageModel;

/** The models that a server offers, loaded or not. Safe for use by several threads. */
interface ModelHost {
    /**
     * A model by the name that requests use.
     *
     * @param created seconds since 1970 at which the server began to offer it
     */
    record Offered(String id, long created, String ownedBy) {}

    /** A model in use: it is not unloaded before the lease is closed, which may be done more than once. */
    interface Lease extends AutoCloseable {
        /** The model, of the kind that was asked for. */
        ServedModel served();

        /** The model, where one was asked for that continues texts. */
        default LanguageModel model() {
            return ((ServedModel.Texts) served()).model();
        }

        @Override
        void close();
    }

    /** All models, those that the user named first. */
    List<Offered> offered();

    /** The model of this id or alias. */
    Optional<Offered> find(String name);

    /**
     * Waits until the model is loaded.
     *
     * @throws org.jllm.api.InvalidRequestException if it is of the other kind, which is found out before it is loaded
     * @throws org.jllm.api.ModelNotFoundException if it is not offered
     * @throws org.jllm.api.CapacityException if it does not fit into memory beside the models in use
     * @throws org.jllm.api.UnavailableException if the server is being closed
     * @throws org.jllm.api.JllmException if it cannot be loaded
     */
    Lease acquire(String name, ServedModel.Kind kind);

    /** A message without the places where models stand on this machine, which callers need not know. */
    String withoutPlaces(String message);

    /** The models that are in memory now. */
    List<ServedModel> loaded();

    /** All that takes memory now, in the order in which it is offered. */
    List<Resident> residents();
}
