package org.jllm.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jllm.api.GenerationResult;
import org.jllm.api.ModelStatistics;
import org.jllm.machine.ProcessMemory;

/**
 * What {@code /metrics} shows. Counters are fed by finished requests, so they survive a model that is unloaded; gauges are
 * read from the loaded models at each scrape. Safe for use by several threads.
 */
final class Metrics implements GenerationMeter, EmbeddingMeter {
    private static final String MODEL = "model";
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ModelHost models;
    private final Map<MultiGauge, ToLongFunction<ModelStatistics>> gauges;

    Metrics(ModelHost models) {
        this.models = models;
        gauges = Map.of(
                gauge("jllm.requests.running"), ModelStatistics::running,
                gauge("jllm.requests.waiting"), ModelStatistics::waiting,
                gauge("jllm.cache.positions"), ModelStatistics::cachePositions,
                gauge("jllm.cache.capacity"), ModelStatistics::cacheCapacity,
                gauge("jllm.lookup.guessed"), ModelStatistics::guessedTokens,
                gauge("jllm.lookup.accepted"), ModelStatistics::acceptedTokens);
        registry.gauge("jllm.models.loaded", models, host -> host.loaded().size());
        registry.gauge(
                "jllm.memory.resident.bytes",
                registry,
                any -> ProcessMemory.now().resident());
        registry.gauge(
                "jllm.memory.anonymous.bytes",
                registry,
                any -> ProcessMemory.now().anonymous());
    }

    private MultiGauge gauge(String name) {
        return MultiGauge.builder(name).register(registry);
    }

    @Override
    public void finished(String model, GenerationResult result) {
        Tags tags = Tags.of(MODEL, model);
        outcome(model, result.finishReason().name().toLowerCase(Locale.ROOT));
        counter("jllm.tokens.prompt", tags, result.promptTokens());
        counter("jllm.tokens.prompt.reused", tags, result.cachedTokens());
        counter("jllm.tokens.generated", tags, result.completionTokens());
        counter("jllm.prefix.hits", tags, result.cachedTokens() > 0 ? 1 : 0);
        if (result.completionTokens() > 0) {
            timer("jllm.time.to.first.token", tags, result.timeToFirstToken());
        }
        if (result.completionTokens() > 1) {
            Duration decoding = result.total().minus(result.timeToFirstToken());
            timer("jllm.time.per.token", tags, decoding.dividedBy(result.completionTokens() - 1L));
        }
    }

    @Override
    public void embedded(String model, int texts, long tokens, Duration time) {
        Tags tags = Tags.of(MODEL, model);
        outcome(model, "embedded");
        counter("jllm.tokens.prompt", tags, tokens);
        counter("jllm.texts.embedded", tags, texts);
        timer("jllm.time.to.embed", tags, time);
    }

    @Override
    public void failed(String model) {
        outcome(model, "error");
    }

    private void outcome(String model, String outcome) {
        counter("jllm.requests", Tags.of(MODEL, model, "outcome", outcome), 1);
    }

    private void counter(String name, Tags tags, long amount) {
        Counter.builder(name).tags(tags).register(registry).increment(amount);
    }

    private void timer(String name, Tags tags, Duration time) {
        Timer.builder(name)
                .tags(tags)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(2))
                .register(registry)
                .record(time);
    }

    /** The page in Prometheus' text format. */
    String scrape() {
        gauges.forEach((gauge, value) -> gauge.register(
                models.loaded().stream()
                        .filter(ServedModel.Texts.class::isInstance)
                        .map(ServedModel.Texts.class::cast)
                        .map(model -> MultiGauge.Row.of(
                                Tags.of(MODEL, model.name()),
                                value.applyAsLong(model.model().statistics())))
                        .collect(Collectors.toList()),
                true));
        return registry.scrape();
    }
}
