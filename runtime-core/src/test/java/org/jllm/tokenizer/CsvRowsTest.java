package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected rows are those of Python's csv.reader. */
class CsvRowsTest {
    @Test
    void fieldsMayBeQuoted() {
        assertThat(CsvRows.of("1,\"a,b\"\r\n2,\"x\"\"y\"\n3,\"two\r\nlines\"\n"))
                .containsExactly(List.of("1", "a,b"), List.of("2", "x\"y"), List.of("3", "two\nlines"));
    }

    @Test
    void quotesElsewhereAreText() {
        assertThat(CsvRows.of("a\"b\",\"c\"d\"e\",\"\"\n")).containsExactly(List.of("a\"b\"", "cd\"e\"", ""));
        assertThat(CsvRows.of("\"open,\n")).containsExactly(List.of("open,\n"));
    }

    @Test
    void emptyLinesAndFieldsCount() {
        assertThat(CsvRows.of(",\n\na")).containsExactly(List.of("", ""), List.of(), List.of("a"));
        assertThat(CsvRows.of("a,")).containsExactly(List.of("a", ""));
        assertThat(CsvRows.of("")).isEmpty();
    }
}
