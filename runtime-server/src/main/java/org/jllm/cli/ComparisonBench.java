package org.jllm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jllm.Jllm;
import org.jllm.api.CapacityException;
import org.jllm.api.LoadOptions;
import org.jllm.bench.Comparison;
import org.jllm.bench.Contestant;
import org.jllm.bench.DecoderContestant;
import org.jllm.bench.EmbeddingBenchmark;
import org.jllm.bench.EncoderBenchmark;
import org.jllm.bench.Measurements;
import org.jllm.bench.Ratios;
import org.jllm.bench.VectorBenchmark;
import org.jllm.bench.VectorContestant;
import org.jllm.bench.Workload;
import org.jllm.bench.Workload.Sentences;
import org.jllm.bench.Workload.Texts;
import org.jspecify.annotations.Nullable;

/** {@code jllm bench --compare}: what the contestants take turns in. */
record ComparisonBench(Console console, Jllm jllm, WorkFlags work, FlagRules rules, LoadOptions options, boolean json) {
    /** Flags that would say what a comparison chooses, or that it has no use for. */
    static final Set<String> OWN_CHOICES = Set.of(
            "--engine",
            "--device",
            "--dtype",
            "--quantize",
            "--gpu-layers",
            "--prompt-lookup",
            "--lora",
            "--base",
            "--pack-bytes",
            "--chat-template");

    private static final List<Integer> LENGTHS = List.of(128, 512);
    private static final List<Integer> STREAMS = List.of(1, 8);
    private static final int GENERATED = 32;
    private static final int SENTENCES = 200;
    /** Threads of an engine that has ended its turn spin a little longer. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** What is compared. */
    private record Subject(String shown, String first, List<ComparedModel> models, Contestants contestants) {}

    /** Compares the forms of models. */
    void run(List<String> models) throws IOException {
        boolean encoders = checkKinds(models);
        Contestants contestants = new Contestants(console, jllm, options);
        compare(encoders, new Subject(String.join(", ", models), models.get(0), contestants.of(models), contestants));
    }

    private boolean checkKinds(List<String> models) {
        long encoders = models.stream().filter(jllm::isEncoder).count();
        if (encoders > 0 && encoders < models.size()) {
            throw rules.error("--compare takes either models that continue texts or such that make vectors of them");
        }
        return encoders > 0;
    }

    /**
     * Compares the forms of one random model.
     *
     * @param types of GGUF files; null: the usual ones
     */
    void run(String shape, @Nullable List<String> types, Path folder) throws IOException {
        Contestants contestants = new Contestants(console, jllm, options);
        List<ComparedModel> models = contestants.ofRandom(shape, types, folder);
        String first = folder.resolve("transformers").toString();
        compare(jllm.isEncoder(first), new Subject(shape, first, models, contestants));
    }

    private void compare(boolean encoders, Subject subject) throws IOException {
        Set<String> names = new HashSet<>();
        for (ComparedModel model : subject.models()) {
            if (!names.add(model.name())) {
                throw rules.error("two of the MODELs are " + model.name() + ": give one of them");
            }
        }
        if (names.isEmpty()) {
            throw new CapacityException("there is nothing to compare: "
                    + String.join(
                            "; ",
                            subject.contestants().leftOut().stream()
                                    .map(left -> left.contestant() + ": " + left.reason())
                                    .toList()));
        }
        if (work.texts != null || encoders) {
            ModelBench.checkEncoder(rules, subject.shown());
            vectors(subject);
        } else {
            ModelBench.checkDecoder(rules, subject.shown());
            compare(
                    subject,
                    texts(subject.first()),
                    model -> new DecoderContestant(jllm.loadDecoder(model.model(), model.options())),
                    Map.of());
        }
    }

    /** One text of each length, then several at once of the first. */
    private List<Texts> texts(String model) {
        int generate = work.generate(GENERATED);
        Integer given = options.orElse(jllm.settings().load()).context();
        Integer context = given == null ? jllm.describe(model).context() : given;
        List<Integer> usual = LENGTHS.stream()
                .filter(length -> context == null || length + generate <= context)
                .toList();
        List<Integer> lengths = work.promptTokens(usual.isEmpty() ? LENGTHS.subList(0, 1) : usual);
        Set<Texts> texts = new LinkedHashSet<>();
        lengths.forEach(length -> texts.add(new Texts(1, length, generate)));
        (work.streams == null ? STREAMS : work.streams)
                .forEach(count -> texts.add(new Texts(count, lengths.get(0), generate)));
        return List.copyOf(texts);
    }

    private void vectors(Subject subject) throws IOException {
        List<String> lines = work.texts == null ? List.of() : WorkFlags.lines(work.texts);
        int count = work.texts == null ? work.sentences(SENTENCES) : lines.size();
        List<Sentences> workloads = work.batches(count).stream()
                .map(batch -> new Sentences(count, batch))
                .distinct()
                .toList();
        Map<String, List<float[]>> vectors = new HashMap<>();
        compare(
                subject,
                workloads,
                model -> new VectorContestant(vectorBenchmark(model, lines), some -> vectors.put(model.name(), some)),
                vectors);
    }

    private VectorBenchmark vectorBenchmark(ComparedModel model, List<String> lines) {
        return work.texts == null
                ? new EncoderBenchmark(jllm.loadEncoder(model.model(), model.options()))
                : new EmbeddingBenchmark(jllm.loadEmbeddingModel(model.model(), model.options()), lines);
    }

    private <W extends Workload> void compare(
            Subject subject,
            List<W> workloads,
            Function<ComparedModel, Contestant.Loaded<W>> load,
            Map<String, List<float[]>> vectors)
            throws IOException {
        List<Contestant<W>> contestants = subject.models().stream()
                .map(model -> new Contestant<>(model.engineName(), model.type(), () -> load.apply(model)))
                .toList();
        boolean together = MemoryOfContestants.of(jllm, options).fitTogether(subject.models());
        Measurements measurements = new Comparison<>(
                        contestants, workloads, together, PAUSE, step -> console.note(step + " …"))
                .run(work.repeat);
        List<String> engines =
                subject.models().stream().map(ComparedModel::engine).distinct().toList();
        ComparisonFigures figures = new ComparisonFigures(
                subject.shown(),
                jllm.describe(subject.first()).parameters(),
                work.repeat,
                together,
                BenchMachine.of(jllm, options, engines),
                contestants,
                measurements,
                Ratios.of(contestants, workloads, measurements),
                vectors,
                subject.contestants().leftOut());
        new ComparisonReport(console.out(), figures).print(json);
    }
}
