package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jllm.api.WordOptions;
import org.jllm.tokenizer.mecab.MecabWords;
import org.jspecify.annotations.Nullable;
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

/** MeCab's words, and BertJapanese over them, of a million characters of Japanese, line by line, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class MecabBenchmark {
    /** The folder of a compiled dictionary. */
    @Param("/var/lib/mecab/dic/ipadic-utf8")
    public String dictionary = "";

    /** A text file; empty: sentences of the golden cases, which are written to {@code target/benchmark.txt}. */
    @Param("")
    public String text = "";

    /** A {@code vocab.txt}; empty: the characters of the text. */
    @Param("")
    public String vocabulary = "";

    private List<String> lines = List.of();

    private @Nullable MecabWords words;

    private @Nullable Tokenizer tokenizer;

    @Setup
    public void read() throws IOException {
        lines = BenchmarkText.lines(text);
        words = MecabWords.open(Path.of(dictionary), List.of());
        Path file = Path.of(vocabulary.isEmpty() ? "target/benchmark-vocab.txt" : vocabulary);
        if (vocabulary.isEmpty()) {
            Set<String> tokens = new LinkedHashSet<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
            lines.forEach(line -> line.codePoints().mapToObj(Character::toString).forEach(character -> {
                tokens.add(character);
                tokens.add("##" + character);
            }));
            Files.write(file, tokens);
        }
        ObjectNode config = new JsonMapper().createObjectNode();
        config.put("tokenizer_class", "BertJapaneseTokenizer").put("word_tokenizer_type", "mecab");
        WordOptions options = new WordOptions(dictionary, null, null, null, null);
        tokenizer = Tokenizers.create(config, Map.of("vocab_file", file), options);
    }

    @Benchmark
    public long split() {
        long count = 0;
        for (String line : lines) {
            count += Objects.requireNonNull(words).split(line).size();
        }
        return count;
    }

    @Benchmark
    public long encode() {
        long ids = 0;
        for (String line : lines) {
            ids += Objects.requireNonNull(tokenizer).encode(line, true).length;
        }
        return ids;
    }
}
