package org.jllm.tokenizer.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jllm.api.EngineException;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a program that answers like Juman++. */
class JumanppAnalyserTest {
    @Test
    void oneProgramAnswersAllTexts() {
        try (Analyser jumanpp = new JumanppAnalyser(StandInJumanpp.command())) {
            assertThat(jumanpp.words("東京都庁")).containsExactly("東京", "都庁");
            assertThat(jumanpp.words("東京 @京")).containsExactly("東京", " ", "@", "京");
            assertThat(jumanpp.words("東京\\")).containsExactly("東京", "\\");
            assertThat(jumanpp.words("")).isEmpty();
            assertThat(jumanpp.words("何番")).containsExactly("何番", "4");
            assertThat(jumanpp.words("一二\n\n三")).containsExactly("一二", "三");
            assertThat(jumanpp.words("# # 一")).containsExactly("#", "#", "一");
        }
    }

    @Test
    void aProgramThatHasEndedIsStartedAgain() {
        try (Analyser jumanpp = new JumanppAnalyser(StandInJumanpp.command())) {
            assertThat(jumanpp.words("東京")).containsExactly("東京");
            assertThatThrownBy(() -> jumanpp.words("死"))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("Juman++");
            assertThat(jumanpp.words("何番")).containsExactly("何番", "1");
        }
    }

    @Test
    void aProgramThatKeepsSilentIsEnded() {
        try (Analyser jumanpp = new JumanppAnalyser(StandInJumanpp.command(), 1)) {
            assertThatThrownBy(() -> jumanpp.words("眠"))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("within 1 s");
        }
    }

    @Test
    void afterClosingItAnswersNoMore() {
        Analyser jumanpp = new JumanppAnalyser(StandInJumanpp.command());
        jumanpp.close();
        assertThatThrownBy(() -> jumanpp.words("東京")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void thePathIsSearched(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> JumanppAnalyser.choose(Map.of("PATH", folder.toString())))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("install Juman++")
                .hasMessageContaining("--pre-segmented");
        Path program = Files.writeString(folder.resolve("jumanpp"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThat(JumanppAnalyser.choose(Map.of("PATH", folder.toString())).text())
                .contains(program.toString());
        assertThatThrownBy(
                        () -> new JumanppAnalyser(List.of(folder.resolve("none").toString())).words("a"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("does not start");
    }
}
