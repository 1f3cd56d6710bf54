package org.jllm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChatTerminalTest {
    /** Written at each prompt, once the terminal leaves the keys to the line editor. */
    private static final String PASTE_ON = "\u001b[?2004h";

    private static final String PASTE_BEGIN = "\u001b[200~";
    private static final String PASTE_END = "\u001b[201~";

    private final PipedOutputStream keys = new PipedOutputStream();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final FakeModel model = new FakeModel(
            1000, false, prompt -> FakeModel.text(prompt).endsWith("long") ? "はい" + FakeModel.WAIT + "never" : "yes");
    private Terminal terminal;
    private int prompts;

    @BeforeEach
    void open() throws IOException {
        terminal = new ExternalTerminal(
                "test", "xterm-256color", new PipedInputStream(keys, 4096), screen, StandardCharsets.UTF_8);
        terminal.setSize(new Size(80, 24));
    }

    @AfterEach
    void close() throws IOException {
        terminal.close();
    }

    private CompletableFuture<Void> chat(Optional<Path> history) {
        ChatTerminal view = new ChatTerminal(terminal, history);
        ChatSession session = new ChatSession(model, null, new ChatSettings(Map.of(), List.of()), view);
        return CompletableFuture.runAsync(() -> view.run(session), task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Types a whole message at the next prompt. */
    private void type(String text) throws IOException {
        prompts++;
        while (screen().split(Pattern.quote(PASTE_ON), -1).length - 1 < prompts) {
            Thread.onSpinWait();
        }
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    private String screen() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    @Test
    void controlCEndsTheAnswerAndNotTheChat() throws Exception {
        CompletableFuture<Void> chat = chat(Optional.empty());
        type("long\r");
        assertThat(model.waiting.await(30, TimeUnit.SECONDS)).isTrue();
        terminal.raise(Signal.INT);
        type("next\r");
        type("/exit\r");
        chat.get(30, TimeUnit.SECONDS);
        assertThat(screen()).contains("[interrupted], 3 tokens").doesNotContain("never");
        assertThat(model.lastPrompt()).isEqualTo("ulongaはい" + FakeModel.WAIT + "unext");
    }

    @Test
    void aPasteOfSeveralLinesIsOneMessage() throws Exception {
        CompletableFuture<Void> chat = chat(Optional.empty());
        type(PASTE_BEGIN + "一\\\r二!!" + PASTE_END + "\r");
        type("三\\\r四\r");
        type("\"\"\"\r五\r\"\"\"\r");
        type("\u0004");
        chat.get(30, TimeUnit.SECONDS);
        assertThat(model.lastPrompt()).isEqualTo("u一\\\n二!!ayesu三\n四ayesu五");
    }

    @Test
    void commandsAndKeysAreCompleted() throws Exception {
        CompletableFuture<Void> chat = chat(Optional.empty());
        type("/se\tse\t7\r");
        type("one\r");
        type("/ex\t\r");
        chat.get(30, TimeUnit.SECONDS);
        assertThat(model.requests.get(0).options().seed()).isEqualTo(7);
    }

    @Test
    void theHistoryIsForTheUserAlone(@TempDir Path folder) throws Exception {
        Path file = HistoryFile.in(folder.resolve("chat")).orElseThrow();
        CompletableFuture<Void> chat = chat(Optional.of(file));
        type("one\r");
        type("/exit\r");
        chat.get(30, TimeUnit.SECONDS);
        assertThat(Files.readString(file)).contains("one");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aModelCannotSteerTheTerminal() {
        ChatTerminal view = new ChatTerminal(terminal, Optional.empty());
        view.text("a\u001b]0;x\u0007b\u009b");
        assertThat(screen()).isEqualTo("a]0;xb");
    }
}
