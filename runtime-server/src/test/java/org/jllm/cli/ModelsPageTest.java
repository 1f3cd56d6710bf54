package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.Jllm;
import org.jllm.registry.ModelsPage;
import org.junit.jupiter.api.Test;

/** {@code docs/models.md} says what this version says. */
class ModelsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "models.md");
    private static final String COMMAND = "./jllm list --markdown > docs/models.md";

    private final Jllm jllm = Jllm.builder().withoutUserSettings().build();
    private final String page = ModelsPage.of(jllm.catalogue().entries(), jllm::readiness);

    @Test
    void isWhatTheEnginesKnowNow() throws IOException {
        assertThat(Files.readString(PAGE))
                .as("docs/models.md is stale; make it anew with: " + COMMAND)
                .isEqualTo(page);
    }

    @Test
    void hasALineForEveryRowOfTheList() {
        assertThat(page.lines().filter(line -> line.matches("\\| \\S+ \\| `.*")))
                .hasSize(252);
        assertThat(page)
                .contains(
                        "| elyza/ELYZA-japanese-Llama-2-7b-instruct | `elyza-7b-instruct` | 7b | chat | transformers | ")
                .contains("## Runs", "## Cannot", COMMAND)
                .doesNotContain("| demo |");
    }
}
