package org.jllm.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jllm.api.EngineException;
import org.jllm.api.JllmException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.OverloadedException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.ByteSize;
import org.jspecify.annotations.Nullable;

/**
 * Models that are loaded on first use, within a memory budget, and unloaded when nobody has used them for a while.
 *
 * <p>A model is unloaded, loading, loaded or unloading. It loads on the thread of its first caller, outside the lock, so
 * that the other models go on; later callers wait, and if it fails they all get that error, while the next caller tries
 * again. A model with a lease is never unloaded. Memory counts from the begin of loading to the end of unloading.
 */
final class ModelPool implements ModelHost, AutoCloseable {
    private static final Logger LOGGER = System.getLogger(ModelPool.class.getName());

    private final List<PooledModel> models;
    private final Loader loader;
    private final long budget;
    private final @Nullable Duration keepAlive;
    private final LongSupplier nanoTime;
    private final Timer timer;
    private boolean closed;

    /** Brings models into memory. */
    interface Loader {
        /** What a model is there for, told from its files; those that are not on this machine are downloaded. */
        ServedModel.Kind kind(String source);

        ServedModel load(String source, ServedModel.Kind kind);

        /** Bytes of memory that it will take. */
        long bytes(String source);
    }

    /** Runs a task once, after a while, on another thread. */
    interface Timer {
        void after(Duration delay, Runnable task);
    }

    /**
     * @param models what is offered, each id once
     * @param budget bytes that the loaded models may take together
     * @param keepAlive how long a model stays that nobody uses; null: for ever
     */
    ModelPool(
            List<PooledModel> models,
            Loader loader,
            long budget,
            @Nullable Duration keepAlive,
            LongSupplier nanoTime,
            Timer timer) {
        this.models = List.copyOf(models);
        this.loader = loader;
        this.budget = budget;
        this.keepAlive = keepAlive;
        this.nanoTime = nanoTime;
        this.timer = timer;
    }

    @Override
    public List<Offered> offered() {
        return models.stream().map(PooledModel::offered).toList();
    }

    @Override
    public Optional<Offered> find(String name) {
        return models.stream()
                .filter(model -> model.isNamed(name))
                .map(PooledModel::offered)
                .findFirst();
    }

    @Override
    public Lease acquire(String name, ServedModel.Kind kind) {
        PooledModel model = models.stream()
                .filter(candidate -> candidate.isNamed(name))
                .findFirst()
                .orElseThrow(() -> new ModelNotFoundException(
                        "this server offers no model '" + name + "'; GET /v1/models lists those that it does"));
        synchronized (this) {
            int attempt = model.attempts;
            while (model.busy() && !closed) {
                await();
            }
            if (closed) {
                throw new UnavailableException("the server is being shut down");
            }
            requireKind(model, kind);
            ServedModel loaded = model.loaded;
            if (loaded != null) {
                model.leases++;
                return new PoolLease(model, loaded);
            }
            // Somebody else's attempt failed while this caller waited for it.
            if (model.attempts != attempt && model.failure != null) {
                throw model.failure;
            }
            model.loading = true;
            model.attempts++;
            model.failure = null;
        }
        return load(model, kind);
    }

    private static void requireKind(PooledModel model, ServedModel.Kind wanted) {
        ServedModel.Kind kind = model.kind;
        if (kind != null && kind != wanted) {
            throw kind.mismatch(model.offered().id());
        }
    }

    /** Loads a model that this thread has marked as loading, takes the mark away, and uses it before anybody can unload it. */
    private Lease load(PooledModel model, ServedModel.Kind wanted) {
        ServedModel.Kind kind = null;
        ServedModel loaded = null;
        JllmException failure = null;
        try {
            kind = loader.kind(model.source());
            if (kind == wanted) {
                reserve(model, loader.bytes(model.source()));
                loaded = loader.load(model.source(), kind);
            } else {
                failure = kind.mismatch(model.offered().id());
            }
        } catch (JllmException e) {
            LOGGER.log(
                    Level.WARNING,
                    "{0} could not be loaded: {1}",
                    model.offered().id(),
                    e.getMessage());
            failure = e;
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.ERROR, "a model could not be loaded", e);
            failure = new EngineException(model.offered().id() + " could not be loaded: " + e, e);
        }
        synchronized (this) {
            model.loading = false;
            model.kind = kind;
            model.loaded = loaded;
            // Who wants the model for what it is there for may have it.
            model.failure = kind == wanted || kind == null ? failure : null;
            model.lastUsed = nanoTime.getAsLong();
            notifyAll();
            if (loaded != null) {
                model.leases++;
                return new PoolLease(model, loaded);
            }
            model.bytes = 0;
        }
        throw Objects.requireNonNull(failure);
    }

    /** Makes room by unloading what was used longest ago. */
    private void reserve(PooledModel model, long bytes) {
        if (bytes > budget) {
            throw new UnavailableException(model.offered().id() + " needs " + ByteSize.format(bytes)
                    + " of memory, and the models may have " + ByteSize.format(budget) + ": --memory allows more");
        }
        while (true) {
            PooledModel victim;
            synchronized (this) {
                long taken = models.stream().mapToLong(other -> other.bytes).sum();
                if (taken + bytes <= budget) {
                    model.bytes = bytes;
                    return;
                }
                victim = models.stream()
                        .filter(PooledModel::idle)
                        .min(Comparator.comparingLong(other -> other.lastUsed))
                        .orElse(null);
                if (victim == null) {
                    if (models.stream().anyMatch(other -> other.unloading)) {
                        await();
                        continue;
                    }
                    throw new OverloadedException("there is no memory for "
                            + model.offered().id() + " beside the models that are in use: try again later");
                }
                victim.unloading = true;
            }
            unload(victim);
        }
    }

    /** Closes a model that this thread has marked as unloading. */
    private void unload(PooledModel model) {
        ServedModel loaded = model.loaded;
        try {
            if (loaded != null) {
                loaded.close();
            }
        } finally {
            synchronized (this) {
                model.loaded = null;
                model.unloading = false;
                model.bytes = 0;
                notifyAll();
            }
        }
    }

    /** Unloads what nobody has used for as long as models are kept. */
    private void unloadIdle() {
        List<PooledModel> expired = new ArrayList<>();
        synchronized (this) {
            for (PooledModel model : models) {
                if (keepAlive != null && model.idle() && nanoTime.getAsLong() - model.lastUsed >= keepAlive.toNanos()) {
                    model.unloading = true;
                    expired.add(model);
                }
            }
        }
        expired.forEach(this::unload);
    }

    private synchronized void release(PooledModel model) {
        model.leases--;
        model.lastUsed = nanoTime.getAsLong();
        if (model.leases == 0 && keepAlive != null && !closed) {
            timer.after(keepAlive, this::unloadIdle);
        }
        notifyAll();
    }

    @Override
    public synchronized List<ServedModel> loaded() {
        List<ServedModel> loaded = new ArrayList<>();
        for (PooledModel model : models) {
            ServedModel language = model.loaded;
            if (language != null && !model.unloading) {
                loaded.add(language);
            }
        }
        return loaded;
    }

    @Override
    public String withoutPlaces(String message) {
        String shown = message;
        for (PooledModel model : models) {
            shown = model.withoutPlace(shown);
        }
        return shown.replace(System.getProperty("user.home"), "~");
    }

    @Override
    public synchronized List<Resident> residents() {
        return models.stream()
                .filter(model -> model.loading || model.unloading || model.loaded != null)
                .map(this::resident)
                .toList();
    }

    private Resident resident(PooledModel model) {
        Resident.State state = model.unloading
                ? Resident.State.UNLOADING
                : model.loading ? Resident.State.LOADING : Resident.State.LOADED;
        Duration idle = model.idle() ? Duration.ofNanos(nanoTime.getAsLong() - model.lastUsed) : Duration.ZERO;
        Optional<Duration> unloadsIn = Optional.ofNullable(keepAlive)
                .filter(kept -> model.idle())
                .map(kept -> kept.minus(idle))
                .map(rest -> rest.isNegative() ? Duration.ZERO : rest);
        Optional<ServedModel> loaded = Optional.ofNullable(model.unloading ? null : model.loaded);
        return new Resident(model.offered().id(), state, model.bytes, model.leases, loaded, idle, unloadsIn);
    }

    private synchronized void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while waiting for the model", e);
        }
    }

    /** Gives out no more leases; those who wait for one get an error. */
    synchronized void shutDown() {
        closed = true;
        notifyAll();
    }

    /** Waits until nobody uses a model, then unloads them all. */
    @Override
    public void close() {
        shutDown();
        synchronized (this) {
            while (models.stream().anyMatch(model -> model.busy() || model.leases > 0)) {
                await();
            }
            models.forEach(model -> model.unloading = model.loaded != null);
        }
        models.stream().filter(model -> model.unloading).forEach(this::unload);
    }

    private final class PoolLease implements Lease {
        private final PooledModel owner;
        private final ServedModel model;
        private boolean open = true;

        PoolLease(PooledModel owner, ServedModel model) {
            this.owner = owner;
            this.model = model;
        }

        @Override
        public ServedModel served() {
            return model;
        }

        @Override
        public void close() {
            synchronized (ModelPool.this) {
                if (open) {
                    open = false;
                    release(owner);
                }
            }
        }
    }
}
