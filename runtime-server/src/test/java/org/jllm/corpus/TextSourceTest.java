package org.jllm.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidRequestException;
import org.junit.jupiter.api.Test;

class TextSourceTest {
    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each record as its line and its text, or in brackets what is wrong. */
    private static List<String> read(TextSource source) {
        List<String> found = new ArrayList<>();
        source.forEachRemaining(record -> found.add(
                record.line() + ":" + (record.text() == null ? "[" + record.problem() + "]" : record.text())));
        return found;
    }

    private static List<String> csv(String text, String... columns) {
        return read(TextSource.csv(bytes(text), List.of(columns)));
    }

    @Test
    void linesAreTextsWhateverTheirEnds() {
        assertThat(read(TextSource.lines(bytes("\uFEFF一\r\n\n二 \u2028三\n四"))))
                .containsExactly("1:一", "2:", "3:二 \u2028三", "4:四");
        assertThat(read(TextSource.lines(bytes("")))).isEmpty();
        assertThat(read(TextSource.lines(bytes("\n")))).containsExactly("1:");
    }

    @Test
    void aLineThatIsNoUtf8CostsNoOther() {
        byte[] text = {'a', '\n', (byte) 0xE4, (byte) 0xB8, '\n', 'b', '\n'};
        assertThat(read(TextSource.lines(new ByteArrayInputStream(text))))
                .containsExactly("1:a", "2:[is not UTF-8]", "3:b");
    }

    @Test
    void fieldsOfJsonLines() {
        String text = """
                {"text": "一", "more": {"title": "題"}}

                {"text": 3}
                {"other": "x"}
                ["一"]
                {"text": "切れ
                {"text": "二\\n三", "more": {"title": "t"}}
                {"text": "二"} {"text": "三"}
                """;
        List<String> found = read(TextSource.json(bytes(text), List.of("text")));
        assertThat(found)
                .hasSize(7)
                .startsWith(
                        "1:一",
                        "3:[has no text in its field 'text']",
                        "4:[has no field 'text']",
                        "5:[is no JSON object]");
        assertThat(found.get(4)).startsWith("6:[is not JSON: ");
        assertThat(found.get(5)).isEqualTo("7:二\n三");
        assertThat(found.get(6)).startsWith("8:[is not JSON: ");
        assertThat(read(TextSource.json(bytes(text), List.of("/more/title", "text")))
                        .get(0))
                .isEqualTo("1:題 一");
    }

    @Test
    void columnsOfCsv() {
        String text = "id,\"title\",body\r\n1,題,\"本文, \"\"二\"\"\n三行目\"\r\n\r\n2,5\" 画面,文\r\n3,短\r\n";
        assertThat(csv(text, "body"))
                .containsExactly("2:本文, \"二\"\n三行目", "5:文", "6:[has 2 columns, and 'body' is the 3. one]");
        assertThat(csv(text, "title", "body").get(1)).isEqualTo("5:5\" 画面 文");
    }

    /** Quotes that do not end would swallow the rest of the file. */
    @Test
    void brokenQuotesCostOneRecord() {
        assertThat(csv("a,b\n1,\"open\n2,whole\n3,\"quo\"ted\n4,last\n", "b"))
                .containsExactly(
                        "2:[has a quote that does not end]",
                        "3:whole",
                        "4:[is no CSV: something stands between a quote and the comma]",
                        "5:last");
        assertThat(csv("a,b\n1,\"open\n2,\"two\nlines\"\n3,last\n", "b")).last().isEqualTo("5:last");
    }

    @Test
    void columnsThatAreNotThereAreOneLine() {
        assertThatThrownBy(() -> csv("a,b\n1,2\n", "c"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("there is no column 'c'; there are: a, b");
        assertThatThrownBy(() -> csv("", "c")).hasMessageContaining("the CSV is empty");
        assertThatThrownBy(() -> csv("\"a,b\n1,2\n", "a"))
                .hasMessage("line 1, which names the columns, has a quote that does not end");
    }

    @Test
    void aMillionCharactersAreOneText() throws IOException {
        String line = "長".repeat(400_000);
        try (TextSource source = TextSource.lines(bytes(line + "\n短い\n"))) {
            assertThat(source.next().text()).isEqualTo(line);
            assertThat(source.next()).isEqualTo(new TextRecord(2, "短い", null));
            assertThat(source.bytes()).isEqualTo(1_200_001 + 7);
        }
    }
}
