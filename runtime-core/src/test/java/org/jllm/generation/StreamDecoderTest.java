package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.jllm.tokenizer.EncodedPair;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.SpecialTokens;
import org.jllm.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamDecoderTest {
    /** Each id is a piece of bytes; the special ids are names. */
    private record Pieces(List<byte[]> pieces, Set<Integer> special, int leadingSpacesDropped) implements Tokenizer {
        @Override
        public byte[] bytes(int id) {
            return pieces.get(id);
        }

        @Override
        public SpecialTokens specialTokens() {
            return new SpecialTokens(OptionalInt.empty(), OptionalInt.empty(), Map.of(), special);
        }

        @Override
        public int[] encode(MarkedText text, boolean addSpecialTokens) {
            throw new UnsupportedOperationException();
        }

        @Override
        public EncodedPair encodePair(String first, String second) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String decode(int[] ids, boolean skipSpecialTokens) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String token(int id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public OptionalInt id(String token) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int size() {
            return pieces.size();
        }
    }

    private static String decode(List<byte[]> pieces, Set<Integer> special, int leadingSpacesDropped) {
        StreamDecoder decoder = new StreamDecoder(new Pieces(pieces, special, leadingSpacesDropped));
        StringBuilder text = new StringBuilder();
        for (int id = 0; id < pieces.size(); id++) {
            String part = decoder.push(id);
            assertThat(part.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF))
                    .isTrue();
            text.append(part);
        }
        return text.append(decoder.finish()).toString();
    }

    private static List<byte[]> utf8(String... pieces) {
        return Arrays.stream(pieces)
                .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static List<byte[]> cut(byte[] bytes, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        int position = 0;
        while (position < bytes.length) {
            int end = Math.min(bytes.length, position + random.nextInt(4));
            pieces.add(Arrays.copyOfRange(bytes, position, end));
            position = end;
        }
        return pieces;
    }

    @Test
    void charactersComeWhole() {
        StreamDecoder decoder = new StreamDecoder(new Pieces(
                List.of(new byte[] {(byte) 0xE3}, new byte[] {(byte) 0x81, (byte) 0x82, 'x'}), Set.of(), 0));
        assertThat(decoder.push(0)).isEmpty();
        assertThat(decoder.push(1)).isEqualTo("あx");
        assertThat(decoder.push(0)).isEmpty();
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void specialTokensAreSkipped() {
        assertThat(decode(utf8("a", "</s>", "b"), Set.of(1), 0)).isEqualTo("ab");
    }

    @Test
    void oneLeadingSpaceIsDropped() {
        assertThat(decode(utf8("<s>", " a", " b"), Set.of(0), 1)).isEqualTo("a b");
        assertThat(decode(utf8("  a"), Set.of(), 1)).isEqualTo(" a");
        assertThat(decode(utf8("", " a"), Set.of(), 1)).isEqualTo("a");
        assertThat(decode(utf8("a", " b"), Set.of(), 1)).isEqualTo("a b");
        assertThat(decode(utf8(" a"), Set.of(), 0)).isEqualTo(" a");
    }

    @ParameterizedTest
    @CsvSource({
        "61 80 62, ab",
        "61 E3 81 62, ab",
        "61 E3 E3 81 82, aあ",
        "C0 80 61, a",
        "C1 BF 61, a",
        "E0 80 80 61, a",
        "E0 9F BF 61, a",
        "F0 8F BF BF 61, a",
        "ED A0 80 61, a",
        "ED A0 BD ED B8 80 61, a",
        "F4 90 80 80 61, a",
        "F5 80 80 80 61, a",
        "FF FE 61, a",
        "61 F0 9F 98, a",
        "61 F0 9F 98 F0 9F 98 80, a😀",
        "EF BF BD 61, �a",
        "ED 9F BF EE 80 80, \uD7FF\uE000",
        "F4 8F BF BF, \uDBFF\uDFFF",
    })
    void whatIsNoUtf8IsDropped(String hex, String text) {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            assertThat(decode(cut(bytes, random), Set.of(), 0)).isEqualTo(text);
        }
    }

    @Test
    void validTextComesThroughHoweverItIsCut() {
        Random random = new Random(5);
        for (int round = 0; round < 5000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                int c = random.nextInt(0x110000 >> random.nextInt(15));
                text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(decode(cut(bytes, random), Set.of(), 0)).isEqualTo(text.toString());
        }
    }

    /** The JDK's decoder puts one U+FFFD for each malformed part. */
    @Test
    void randomBytesGiveWhatTheJdkGivesWithoutReplacements() {
        Random random = new Random(6);
        int[] leads = {0x41, 0x80, 0xBF, 0xC2, 0xE0, 0xE3, 0xED, 0xF0, 0xF4, 0xA0, 0x9F, 0x90, 0x8F};
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(8)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) leads[random.nextInt(leads.length)];
            }
            String expected = new String(bytes, StandardCharsets.UTF_8).replace("\uFFFD", "");
            assertThat(decode(cut(bytes, random), Set.of(), 0)).isEqualTo(expected);
        }
    }
}
