package org.jllm.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encodes a million characters of Japanese, line by line, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class SentencePieceBenchmark {
    /** The file of a model; empty: the one of the embedded model. */
    @Param("")
    public String model = "";

    /** A text file; empty: sentences of the golden cases, which are written to {@code target/benchmark.txt}. */
    @Param("")
    public String text = "";

    private SentencePieceModel sentencePiece = SentencePieceModel.load(BenchmarkText.CASE.resolve("tokenizer.model"));
    private List<String> lines = List.of();

    @Setup
    public void read() throws IOException {
        if (!model.isEmpty()) {
            sentencePiece = SentencePieceModel.load(Path.of(model));
        }
        lines = BenchmarkText.lines(text);
    }

    @Benchmark
    public long encode() {
        long ids = 0;
        for (String line : lines) {
            ids += sentencePiece.encode(line).length;
        }
        return ids;
    }
}
