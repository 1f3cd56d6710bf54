package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PricesTest {
    private static final String NUMBERS = "(0|[1-9]\\p{Nd}*|[1-9]\\p{Nd}{0,2}(,\\p{Nd}{3})+)*";
    /** What it stands for; it needs exponential time on long numbers. */
    private static final Pattern REFERENCE = Pattern.compile("(" + NUMBERS + "億)*(" + NUMBERS + "万)*(" + NUMBERS + "千)*"
            + NUMBERS + "(千円|万円|千万円|円|千ドル|万ドル|千万ドル|ドル|千ユーロ|万ユーロ|千万ユーロ|ユーロ)+"
            + "(\\(税込\\)|\\(税抜\\)|\\+tax)*");

    private static final String[] PARTS = {
        "0", "1", "12", "003", ",", ",000", "１", "億", "万", "千", "円", "ドル", "ユーロ", "(税込)", "+tax", "は", " "
    };

    @Test
    void findsWhatThePatternFinds() {
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n > 0; n--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            assertThat(Prices.replace(text.toString(), "<PRICE>"))
                    .as(text.toString())
                    .isEqualTo(REFERENCE.matcher(text).replaceAll("<PRICE>"));
        }
    }

    @Test
    void longNumbersAreReadOnce() {
        String digits = "1234567890".repeat(20_000);
        assertThat(Prices.replace(digits, "<PRICE>")).isEqualTo(digits);
        assertThat(Prices.replace(digits + "円", "<PRICE>")).isEqualTo("<PRICE>");
        assertThat(Prices.replace(digits + ",00円", "<PRICE>")).isEqualTo(digits + ",<PRICE>");
    }
}
