package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private static Table table() {
        Table table = new Table("NAME", "WHAT", "NOTE");
        table.add("a", "日本語の長い説明文です", "x");
        table.add("longer", "ascii", "last");
        return table;
    }

    @Test
    void columnsStandUnderEachOtherInTerminalColumns() {
        assertThat(table().lines(0))
                .containsExactly(
                        "NAME    WHAT                    NOTE",
                        "a       日本語の長い説明文です  x",
                        "longer  ascii                   last");
    }

    @Test
    void theWidestColumnIsCut() {
        assertThat(table().lines(28))
                .containsExactly("NAME    WHAT            NOTE", "a       日本語の長い…   x", "longer  ascii           last")
                .allMatch(line -> Table.width(line) <= 28);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 9, 12, 17, 20, 25, 30, 36, 40, 80})
    void noLineIsWiderThanTheTerminal(int columns) {
        List<String> lines = table().lines(columns);
        assertThat(lines).hasSize(3).allMatch(line -> Table.width(line) <= columns);
        assertThat(lines.get(0)).startsWith(columns < 4 ? "" : "NAM");
    }
}
