package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpaceCleanerTest {
    private static final String[] PARTS = {
        " ", " ", "'", ".", "?", "!", ",", "n", "'t", "n't", "m", "s", "ve", "re", "a", "は", " ' ", "  "
    };

    @Test
    void inPartsItIsTheSameAsAtOnce() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            SpaceCleaner cleaner = new SpaceCleaner();
            StringBuilder text = new StringBuilder();
            StringBuilder cleaned = new StringBuilder();
            for (int n = random.nextInt(16); n > 0; n--) {
                String part = PARTS[random.nextInt(PARTS.length)];
                text.append(part);
                cleaned.append(cleaner.next(part));
                assertThat(SpaceCleaner.clean(text.toString())).startsWith(cleaned.toString());
            }
            assertThat(cleaned.append(cleaner.finish()).toString()).isEqualTo(SpaceCleaner.clean(text.toString()));
        }
    }

    @Test
    void littleIsHeldBack() {
        SpaceCleaner cleaner = new SpaceCleaner();
        assertThat(cleaner.next("I do")).isEqualTo("I do");
        assertThat(cleaner.next(" n")).isEmpty();
        assertThat(cleaner.next("ow")).isEqualTo(" now");
        assertThat(cleaner.next("日本 語")).isEqualTo("日本 語");
    }
}
