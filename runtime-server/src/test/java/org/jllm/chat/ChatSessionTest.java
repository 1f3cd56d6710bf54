package org.jllm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jllm.api.GenerationOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatSessionTest {
    private final RecordedView view = new RecordedView();
    private final FakeModel model = new FakeModel(1000, false, prompt -> "yes");
    private final ChatSession session = session(model, "S");

    private ChatSession session(FakeModel languageModel, String system) {
        return new ChatSession(languageModel, system, new ChatSettings(Map.of(), List.of()), view);
    }

    private GenerationOptions lastOptions() {
        return model.requests.get(model.requests.size() - 1).options();
    }

    @Test
    void eachQuestionGoesWithAllThatWasSaid() {
        assertThat(session.accept("one")).isTrue();
        session.accept("  ");
        session.accept("//two");
        assertThat(model.lastPrompt()).isEqualTo("sSuoneayesu/two");
        assertThat(view.text).hasToString("yes|yes|");
        assertThat(view.statuses.get(0)).isEqualTo("3 tokens, 2.0 tokens/s, first after 50 ms, context 9/1000");
    }

    @Test
    void clearForgetsAllButTheSystemMessage() {
        session.accept("one");
        session.accept("/clear");
        session.accept("two");
        assertThat(model.lastPrompt()).isEqualTo("sSutwo");
    }

    @Test
    void aSystemMessageBeginsAnew() {
        session.accept("one");
        session.accept("/system Be  short.\nVery.");
        session.accept("/system");
        assertThat(view.lastNote()).isEqualTo("Be  short.\nVery.");
        session.accept("two");
        assertThat(model.lastPrompt()).isEqualTo("sBe  short.\nVery.utwo");
        session.accept("/system \"\"");
        session.accept("three");
        assertThat(model.lastPrompt()).isEqualTo("uthree");
    }

    @Test
    void settingsHoldUntilTheyAreUnset() {
        session.accept("/set temperature 0.5");
        session.accept("/set top-p 0.9");
        session.accept("/set stop a b");
        session.accept("/set");
        assertThat(view.lastNote()).isEqualTo("temperature 0.5\ntop_p 0.9\nstop a b");
        session.accept("one");
        assertThat(lastOptions().temperature()).isEqualTo(0.5);
        assertThat(lastOptions().stop()).containsExactly("a b");
        session.accept("/set temperature default");
        session.accept("/set stop default");
        session.accept("two");
        assertThat(lastOptions().temperature()).isNull();
        assertThat(lastOptions().stop()).isNull();
        assertThat(lastOptions().topP()).isEqualTo(0.9);
        assertThat(view.errors).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /hlp                  | did you mean /help?
            /xyzzy                | /help lists them
            /set temprature 1     | did you mean temperature?
            /set threads 4        | there is no setting 'threads'
            /set temperature warm | temperature must be
            /set temperature 101  | at most 100
            /set temperature      | needs a value
            /save                 | needs a FILE
            /clear all            | takes no argument
            """)
    void mistakesAreOneLineAndChangeNothing(String line, String error) {
        assertThat(session.accept(line)).isTrue();
        assertThat(view.lastError()).contains(error).doesNotContain("\n");
        assertThat(session.failures()).isOne();
        assertThat(model.requests).isEmpty();
        assertThat(session.settings().lines()).isEmpty();
    }

    @Test
    void exitEndsTheChat() {
        assertThat(session.accept("/exit")).isFalse();
        assertThat(session.accept("/quit")).isFalse();
        assertThat(session.accept("/bye")).isFalse();
    }

    @Test
    void anInterruptedAnswerStaysAsFarAsItCame() {
        FakeModel talkative = new FakeModel(1000, false, prompt -> "abc");
        ChatSession chat = session(talkative, null);
        view.onText = () -> {
            if (view.text.toString().equals("ab")) {
                chat.interrupt();
            }
        };
        chat.accept("one");
        assertThat(view.statuses.get(0)).startsWith("[interrupted], 2 tokens");
        chat.accept("two");
        assertThat(talkative.lastPrompt()).isEqualTo("uoneaabutwo");
        assertThat(view.text).hasToString("ab|abc|");
    }

    @Test
    void theOldestIsForgottenWhenTheContextIsFull() {
        FakeModel small = new FakeModel(20, false, prompt -> "yes");
        ChatSession chat = session(small, "S");
        chat.accept("one");
        assertThat(view.notes).isEmpty();
        chat.accept("two");
        assertThat(small.lastPrompt()).isEqualTo("sSuoneayesutwo");
        chat.accept("six");
        assertThat(small.lastPrompt()).isEqualTo("sSutwoayesusix");
        assertThat(view.notes).containsExactly("the context of 20 tokens is full: forgot the oldest 2 messages");
    }

    @Test
    void aMessageThatIsTooLongIsNotKept() {
        FakeModel small = new FakeModel(20, false, prompt -> "yes");
        ChatSession chat = session(small, "S");
        chat.accept("one");
        chat.accept("much too long for this model");
        assertThat(view.errors).containsExactly("the prompt has 31 tokens");
        assertThat(view.notes).isEmpty();
        chat.accept("two");
        assertThat(small.lastPrompt()).isEqualTo("sSuoneayesutwo");
    }

    @Test
    void aBaseModelContinuesEachLineByItself() {
        FakeModel base = new FakeModel(1000, true, prompt -> "yes");
        ChatSession chat = session(base, null);
        chat.accept("one");
        chat.accept("two");
        assertThat(base.lastPrompt()).isEqualTo("two");
        for (String command : List.of("/system x", "/clear", "/save a.json", "/load a.json")) {
            chat.accept(command);
            assertThat(view.lastError()).contains("base model");
        }
        assertThat(view.errors).hasSize(4);
    }

    @Test
    void aSavedConversationGoesOn(@TempDir Path folder) {
        Path file = folder.resolve("a b.json");
        session.accept("日本\nの");
        session.accept("/save " + file);
        session.accept("/system other");
        session.accept("/load " + file);
        assertThat(view.lastNote()).isEqualTo("loaded 2 messages");
        session.accept("two");
        assertThat(model.lastPrompt()).isEqualTo("sSu日本\nのayesutwo");
        assertThat(folder.toFile().list()).containsExactly("a b.json");
    }
}
