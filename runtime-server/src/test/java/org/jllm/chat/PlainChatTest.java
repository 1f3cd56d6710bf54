package org.jllm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainChatTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FakeModel model = new FakeModel(1000, false, prompt -> "はい");

    private boolean chat(String input, boolean person, boolean stats) throws IOException {
        return new Chat(model, null, new ChatSettings(Map.of(), List.of()))
                .through(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        person,
                        stats);
    }

    @Test
    void eachLineIsAnsweredAndNothingElseIsPrinted() throws IOException {
        assertThat(chat("一\n\n/set seed 3\n二\\\n三\n\"\"\"\n四\n\"\"\"\n五", false, false))
                .isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("はい\n".repeat(4));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(model.lastPrompt()).isEqualTo("u一aはいu二\n三aはいu四aはいu五");
    }

    @Test
    void errorsGoToStandardErrorAndTheChatGoesOn() throws IOException {
        assertThat(chat("/nonsense\n一\n/exit\n二\n", false, true)).isFalse();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("はい\n");
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("jllm: there is no command /nonsense"),
                        line -> assertThat(line).startsWith("2 tokens"));
        assertThat(model.requests).hasSize(1);
    }

    @Test
    void aPersonIsPromptedOnStandardError() throws IOException {
        chat("一\n", true, false);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("はい\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("> ").doesNotContain("\u001b");
    }

    @Test
    void aReaderThatHasGoneEndsTheChat() throws IOException {
        PrintStream closed = new PrintStream(out);
        closed.close();
        closed.print("x"); // which it then remembers as an error
        new Chat(model, null, new ChatSettings(Map.of(), List.of()))
                .through(
                        new ByteArrayInputStream("一\n二\n".getBytes(StandardCharsets.UTF_8)),
                        closed,
                        new PrintStream(err),
                        false,
                        false);
        assertThat(model.requests).isEmpty();
    }
}
