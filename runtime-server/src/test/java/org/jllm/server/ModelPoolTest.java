package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.OverloadedException;
import org.jllm.api.UnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelPoolTest {
    private static final ServedModel.Kind TEXTS = ServedModel.Kind.TEXTS;
    private static final ServedModel.Kind VECTORS = ServedModel.Kind.VECTORS;
    private static final Map<String, Long> SIZES = Map.of("a", 40L, "b", 40L, "c", 40L, "v", 40L, "huge", 200L);

    private final AtomicLong time = new AtomicLong();
    private final List<Runnable> timers = new ArrayList<>();
    private final List<String> events = java.util.Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Callable<String> beforeLoading = () -> "";
    private volatile Runnable beforeClosing = () -> {};

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private ModelPool pool(Duration keepAlive) {
        List<PooledModel> models = List.of("a", "b", "c", "v", "huge").stream()
                .map(id -> new PooledModel(new ModelHost.Offered(id, 1, "x"), List.of("alias-" + id), id))
                .toList();
        return new ModelPool(models, loader(), 100, keepAlive, time::get, (delay, task) -> timers.add(task));
    }

    private ModelPool.Loader loader() {
        return new ModelPool.Loader() {
            @Override
            public ServedModel.Kind kind(String source) {
                return source.equals("v") ? ServedModel.Kind.VECTORS : ServedModel.Kind.TEXTS;
            }

            @Override
            public ServedModel load(String source, ServedModel.Kind kind) {
                try {
                    beforeLoading.call();
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                events.add("load " + source);
                Runnable closing = () -> {
                    beforeClosing.run();
                    events.add("close " + source);
                };
                return kind == TEXTS
                        ? new ServedModel.Texts(new StubModel(source, closing))
                        : new ServedModel.Vectors(new FakeEmbeddings(source, false, closing));
            }

            @Override
            public long bytes(String source) {
                return SIZES.get(source);
            }
        };
    }

    private static void use(ModelPool pool, String name) {
        pool.acquire(name, TEXTS).close();
    }

    @Test
    void loadsOnceAndGoesByAliases() {
        ModelPool pool = pool(null);
        use(pool, "a");
        use(pool, "ALIAS-A");
        assertThat(events).containsExactly("load a");
        assertThat(pool.loaded()).hasSize(1);
        assertThat(pool.find("alias-b").orElseThrow().id()).isEqualTo("b");
        assertThatThrownBy(() -> pool.acquire("../a", TEXTS)).isInstanceOf(ModelNotFoundException.class);
        pool.close();
        assertThat(events).containsExactly("load a", "close a");
    }

    @Test
    void modelsAreUsedForWhatTheyAreThereFor() {
        ModelPool pool = pool(null);
        assertThatThrownBy(() -> pool.acquire("v", TEXTS))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("/v1/embeddings");
        assertThat(events).isEmpty();
        try (ModelHost.Lease lease = pool.acquire("v", VECTORS)) {
            assertThat(lease.served().name()).isEqualTo("v");
        }
        assertThatThrownBy(() -> pool.acquire("v", TEXTS)).isInstanceOf(InvalidRequestException.class);
        time.incrementAndGet();
        use(pool, "a");
        assertThatThrownBy(() -> pool.acquire("a", VECTORS))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("/v1/chat/completions");
        assertThat(events).containsExactly("load v", "load a");
        // The memory is for both kinds.
        use(pool, "b");
        assertThat(events).containsExactly("load v", "load a", "close v", "load b");
        pool.close();
    }

    @Test
    void tellsWhatIsInMemory() {
        ModelPool pool = pool(Duration.ofSeconds(60));
        assertThat(pool.residents()).isEmpty();
        ModelHost.Lease lease = pool.acquire("a", TEXTS);
        use(pool, "b");
        time.set(Duration.ofSeconds(20).toNanos());
        assertThat(pool.residents()).hasSize(2).allMatch(model -> model.state() == Resident.State.LOADED);
        Resident used = pool.residents().get(0);
        assertThat(used.id()).isEqualTo("a");
        assertThat(used.bytes()).isEqualTo(40);
        assertThat(used.leases()).isOne();
        assertThat(used.idle()).isZero();
        assertThat(used.unloadsIn()).isEmpty();
        assertThat(pool.residents().get(1).idle()).hasSeconds(20);
        assertThat(pool.residents().get(1).unloadsIn()).hasValue(Duration.ofSeconds(40));
        lease.close();
    }

    @Test
    void aModelThatIsLoadingTakesMemory() {
        ModelPool pool = pool(null);
        List<Resident> seen = new ArrayList<>();
        beforeLoading = () -> {
            seen.addAll(pool.residents());
            return "";
        };
        use(pool, "a");
        assertThat(seen).hasSize(1).allMatch(model -> model.state() == Resident.State.LOADING);
        assertThat(pool.residents().get(0).unloadsIn()).isEmpty();
    }

    @Test
    void whatWasUsedLongestAgoMakesRoom() {
        ModelPool pool = pool(null);
        use(pool, "a");
        time.set(1);
        use(pool, "b");
        time.set(2);
        use(pool, "a");
        time.set(3);
        use(pool, "c");
        assertThat(events).containsExactly("load a", "load b", "close b", "load c");
    }

    @Test
    void aModelInUseIsNeverUnloaded() {
        ModelPool pool = pool(Duration.ZERO);
        ModelHost.Lease a = pool.acquire("a", TEXTS);
        ModelHost.Lease b = pool.acquire("b", TEXTS);
        assertThatThrownBy(() -> pool.acquire("c", TEXTS)).isInstanceOf(OverloadedException.class);
        b.close();
        b.close();
        timers.forEach(Runnable::run);
        assertThat(events).containsExactly("load a", "load b", "close b");
        use(pool, "c");
        a.close();
        timers.forEach(Runnable::run);
        assertThat(events).containsExactly("load a", "load b", "close b", "load c", "close a", "close c");
    }

    @Test
    void whatNobodyUsesIsUnloadedAfterAWhile() {
        ModelPool pool = pool(Duration.ofSeconds(5));
        use(pool, "a");
        time.set(Duration.ofSeconds(5).toNanos() - 1);
        timers.forEach(Runnable::run);
        assertThat(events).containsExactly("load a");
        time.incrementAndGet();
        timers.forEach(Runnable::run);
        assertThat(events).containsExactly("load a", "close a");
        use(pool, "a");
        assertThat(events).containsExactly("load a", "close a", "load a");
    }

    @Test
    void whatIsLargerThanTheBudgetSaysSo() {
        assertThatThrownBy(() -> pool(null).acquire("huge", TEXTS))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("--memory");
    }

    @Test
    void aFailureAnswersAllWhoWaitAndTheNextCallerTriesAgain() throws Exception {
        ModelPool pool = pool(null);
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        beforeLoading = () -> {
            loading.countDown();
            goOn.await();
            throw new EngineException("broken");
        };
        List<Thread> callers = new ArrayList<>();
        List<Future<Object>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ends.add(threads.submit(() -> {
                synchronized (callers) {
                    callers.add(Thread.currentThread());
                }
                return pool.acquire("a", TEXTS);
            }));
            loading.await();
        }
        awaitWaiting(callers, 3);
        goOn.countDown();
        for (Future<Object> end : ends) {
            assertThatThrownBy(end::get).hasRootCauseMessage("broken");
        }
        beforeLoading = () -> "";
        use(pool, "a");
        assertThat(events).containsExactly("load a");
    }

    @Test
    void callersOfOneModelWaitForItAndOthersDoNot() throws Exception {
        ModelPool pool = pool(null);
        use(pool, "b");
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        beforeLoading = () -> {
            loading.countDown();
            goOn.await();
            return "";
        };
        Future<ModelHost.Lease> first = threads.submit(() -> pool.acquire("a", TEXTS));
        loading.await();
        Future<ModelHost.Lease> second = threads.submit(() -> pool.acquire("a", TEXTS));
        use(pool, "b");
        assertThat(second.isDone()).isFalse();
        goOn.countDown();
        assertThat(second.get().model()).isSameAs(first.get().model());
        assertThat(events).containsExactly("load b", "load a");
    }

    @Test
    void messagesToCallersDoNotSayWhereModelsAre() {
        PooledModel folder = new PooledModel(new ModelHost.Offered("m", 1, "local"), List.of(), "models/m");
        ModelPool pool =
                new ModelPool(List.of(folder), loader(), 100, null, time::get, (delay, task) -> timers.add(task));
        String home = System.getProperty("user.home");
        assertThat(pool.withoutPlaces("models/m is cut short; see " + home + "/x and "
                        + Path.of("models", "m", "config.json").toAbsolutePath()))
                .isEqualTo("m is cut short; see ~/x and m" + File.separator + "config.json");
    }

    @Test
    void aLoadWaitsForAModelThatIsJustBeingUnloaded() throws Exception {
        ModelPool pool = pool(Duration.ZERO);
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        beforeClosing = () -> {
            closing.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        ModelHost.Lease inUse = pool.acquire("b", TEXTS);
        use(pool, "a");
        Future<?> unloading = threads.submit(timers.get(0));
        closing.await();
        List<Thread> callers = new ArrayList<>();
        Future<ModelHost.Lease> waiting = threads.submit(() -> {
            synchronized (callers) {
                callers.add(Thread.currentThread());
            }
            return pool.acquire("c", TEXTS);
        });
        awaitWaiting(callers, 1);
        beforeClosing = () -> {};
        goOn.countDown();
        unloading.get();
        waiting.get().close();
        inUse.close();
        assertThat(events).containsExactly("load b", "load a", "close a", "load c");
    }

    @Test
    void closingWaitsForTheLastUser() throws Exception {
        ModelPool pool = pool(null);
        ModelHost.Lease lease = pool.acquire("a", TEXTS);
        Thread closing = new Thread(pool::close);
        closing.start();
        awaitWaiting(List.of(closing), 1);
        assertThatThrownBy(() -> pool.acquire("b", TEXTS)).isInstanceOf(UnavailableException.class);
        assertThat(events).containsExactly("load a");
        lease.close();
        closing.join();
        assertThat(events).containsExactly("load a", "close a");
    }

    private static void awaitWaiting(List<Thread> threads, int count) {
        long waiting;
        do {
            Thread.onSpinWait();
            synchronized (threads) {
                waiting = threads.stream()
                        .filter(thread -> thread.getState() == Thread.State.WAITING)
                        .count();
            }
        } while (waiting < count);
    }
}
