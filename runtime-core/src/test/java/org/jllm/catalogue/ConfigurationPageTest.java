package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/configuration.md} has a row for each setting, in their order. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void everySettingHasARowWithItsValue() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        List<String> beginnings = Arrays.stream(SettingKey.values())
                .map(key -> "| `" + key.key() + "` | " + key.type().expected() + " | ")
                .toList();
        assertThat(rows).as("rows of docs/configuration.md").hasSameSizeAs(beginnings);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i)).startsWith(beginnings.get(i));
            assertThat(rows.get(i).split("\\|")).hasSize(5).noneMatch(cell -> cell.equals(" "));
        }
    }
}
