package org.jllm.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.api.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationFileTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsRead() {
        ConversationFile file = new ConversationFile(folder.resolve("c.json"));
        Conversation conversation = Conversation.of("簡潔に").plus("a", "b").plus("c\n", "\"");
        file.write(conversation);
        assertThat(file.read()).isEqualTo(conversation);
        file.write(Conversation.of(null));
        assertThat(file.read()).isEqualTo(Conversation.of(null));
        assertThat(folder.toFile().list()).containsExactly("c.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                        | it must be a JSON object
            {"messages": [}                                           | it is no JSON
            {"messages": []} {}                                       | it is no JSON
            {"messages": [], "messages": []}                          | it is no JSON
            {}                                                        | messages must be a list
            {"system": 3, "messages": []}                             | system must be a text
            {"messages": [], "model": "x"}                            | unknown field "model"
            {"messages": [{"role": "user", "content": "x"}]}          | questions and answers in turn
            {"messages": [{"role": "assistant", "content": "x"}, {}]} | messages[0].role must be "user"
            {"messages": [{"role": "user"}, {}]}                      | messages[0].content must be a text
            {"messages": [1, 2]}                                      | messages[0] must be a JSON object
            """)
    void anythingElseIsRefusedInOneLine(String json, String error) throws IOException {
        Path file = Files.writeString(folder.resolve("c.json"), json);
        assertThatThrownBy(() -> new ConversationFile(file).read())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("cannot load " + file)
                .hasMessageContaining(error)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void filesThatCannotBeUsedAreNamed() {
        Path missing = folder.resolve("no/c.json");
        assertThatThrownBy(() -> new ConversationFile(missing).read()).hasMessageContaining("no such file");
        assertThatThrownBy(() -> new ConversationFile(missing).write(Conversation.of(null)))
                .hasMessageContaining("no such file or folder");
        assertThatThrownBy(() -> new ConversationFile(folder).write(Conversation.of(null)))
                .hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> new ConversationFile(folder).read()).hasMessageContaining("it is no file");
    }
}
