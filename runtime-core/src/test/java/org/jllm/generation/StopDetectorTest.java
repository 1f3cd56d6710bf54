package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopDetectorTest {
    @Test
    void holdsBackWhatMayBecomeAStopString() {
        StopDetector detector = new StopDetector(List.of("###", "\nUser:"));
        assertThat(detector.push("答え#")).isEqualTo("答え");
        assertThat(detector.push("#x")).isEqualTo("##x");
        assertThat(detector.push("\nUse")).isEmpty();
        assertThat(detector.stopped()).isFalse();
        assertThat(detector.push("r: hello")).isEmpty();
        assertThat(detector.stopped()).isTrue();
        assertThat(detector.push("more")).isEmpty();
        assertThat(detector.finish()).isEmpty();
    }

    @Test
    void givesBackWhatItHeldAtTheEnd() {
        StopDetector detector = new StopDetector(List.of("stop"));
        assertThat(detector.push("a sto")).isEqualTo("a ");
        assertThat(detector.finish()).isEqualTo("sto");
        assertThat(detector.stopped()).isFalse();
    }

    @Test
    void endsWhereTheFirstStopStringIsComplete() {
        StopDetector detector = new StopDetector(List.of("bc", "abcd", "c"));
        assertThat(detector.push("xabcd")).isEqualTo("xa");
    }

    @Test
    void withoutStopStringsNothingIsHeld() {
        assertThat(new StopDetector(List.of()).push("abc")).isEqualTo("abc");
    }

    @Test
    void neverSplitsASurrogatePair() {
        StopDetector detector = new StopDetector(List.of("\uDE00!"));
        assertThat(detector.push("a\uD83D")).isEqualTo("a");
        assertThat(detector.push("\uDE00")).isEmpty();
        assertThat(detector.push("?")).isEqualTo("😀?");
    }

    @Test
    void equalsASearchOfTheWholeTextHoweverItIsCut() {
        Random random = new Random(3);
        for (int round = 0; round < 20_000; round++) {
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                stops.add(text(random, 1 + random.nextInt(5)));
            }
            String text = text(random, random.nextInt(30));
            StopDetector detector = new StopDetector(stops);
            StringBuilder out = new StringBuilder();
            int position = 0;
            while (position < text.length()) {
                int end = Math.min(text.length(), position + random.nextInt(5));
                String sure = detector.push(text.substring(position, end));
                assertThat(sure.isEmpty() || !Character.isHighSurrogate(sure.charAt(sure.length() - 1)))
                        .isTrue();
                out.append(sure);
                // No more is held than may begin a stop string, but for half a pair.
                String held = text.substring(Math.min(out.length(), end), end);
                assertThat(detector.stopped()
                                || stops.stream().anyMatch(stop -> stop.startsWith(held))
                                || (held.length() == 1 && Character.isHighSurrogate(held.charAt(0))))
                        .isTrue();
                position = end;
            }
            out.append(detector.finish());
            assertThat(out.toString()).as("%s in %s", stops, text).isEqualTo(naive(text, stops));
        }
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(List.of("a", "b", "あ", "😀").get(random.nextInt(4)));
        }
        return text.toString();
    }

    private static String naive(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String sofar = text.substring(0, end);
            int longest = stops.stream()
                    .filter(sofar::endsWith)
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            if (longest > 0) {
                return sofar.substring(0, end - longest);
            }
        }
        return text;
    }
}
