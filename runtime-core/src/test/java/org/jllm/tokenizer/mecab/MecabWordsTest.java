package org.jllm.tokenizer.mecab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MecabWordsTest {
    static int wrong(MecabWords words, String file) throws Exception {
        JsonNode golden = new ObjectMapper().readTree(new File("../../shared/golden-tokenizers/words/" + file));
        int wrong = 0;
        for (JsonNode sample : golden.get("samples")) {
            List<String> expected = new ArrayList<>();
            sample.get("surfaces").forEach(x -> expected.add(x.asText()));
            List<String> found = words.split(sample.get("text").asText());
            if (!found.equals(expected)) {
                wrong++;
                if (wrong < 6) System.out.println(sample.get("text").asText().substring(0, Math.min(60, sample.get("text").asText().length())) + "\n  " + found + "\n  " + expected);
            }
        }
        System.out.println(file + " " + words.name() + " wrong " + wrong);
        return wrong;
    }

    @Test
    void a() throws Exception {
        wrong(MecabWords.open(Path.of("/var/lib/mecab/dic/ipadic-utf8"), List.of()), "ipadic.json");
        wrong(MecabWords.open(Path.of("/var/lib/mecab/dic/unidic"), List.of()), "unidic.json");
        wrong(MecabWords.open(Path.of("/var/lib/mecab/dic/juman-utf8"), List.of()), "juman.json");
        wrong(MecabWords.ofKuromojiIpadic(), "ipadic.json");
        long t = System.nanoTime();
        wrong(MecabWords.ofKuromojiUnidic(), "unidic.json");
        System.out.println((System.nanoTime() - t) / 1e9);
        assertThat(1).isEqualTo(1);
    }
}
