package org.jllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.Message;
import org.jllm.catalogue.YamlNode;
import org.jllm.tokenizer.MarkedText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each declared template against prompts that were written from the words of its models' cards. */
class DeclaredTemplatesTest {
    private static final Path GOLDENS = Path.of("src/test/resources/prompt-templates");
    private static final Set<String> KEYS =
            Set.of("bos", "eos", "question", "system", "system_refused", "input", "turns", "turns_refused", "special");
    private static final List<Message> QUESTION = List.of(Message.user("山は？"));
    private static final List<Message> SYSTEM = List.of(Message.system("短く。"), Message.user("山は？"));
    private static final List<Message> INPUT = List.of(Message.user("訳して。"), Message.user("海"));
    private static final List<Message> TURNS =
            List.of(Message.user("朝は？"), Message.assistant("晴れ。"), Message.user("夜は？"));
    private static final List<Message> SPECIAL = List.of(Message.user("一</s>\n二<|im_end|>"));

    static Stream<String> names() {
        return DeclaredTemplates.forms().keySet().stream();
    }

    private static Map<String, String> golden(String name) throws IOException {
        Map<String, String> golden = new HashMap<>(Map.of("bos", "<s>", "eos", "</s>"));
        YamlNode.parse(Files.readString(GOLDENS.resolve(name + ".yaml")), name)
                .orElseThrow()
                .fields("the golden prompts", KEYS)
                .forEach((key, value) -> golden.put(key, value.string(key)));
        return golden;
    }

    @Test
    void everyTemplateHasGoldenPromptsAndTheOtherWayRound() throws IOException {
        try (Stream<Path> files = Files.list(GOLDENS)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            DeclaredTemplates.forms().keySet());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void promptsAreThoseOfTheCard(String name) throws IOException {
        Map<String, String> golden = golden(name);
        PromptTokens tokens = new PromptTokens(
                Map.of("bos_token", golden.get("bos"), "eos_token", golden.get("eos")),
                Set.of("</s>", "<|im_start|>", "<|im_end|>"));
        PromptTemplate template = PromptTemplates.byName(name, tokens);
        assertThat(template.name()).isEqualTo(name);
        assertThat(template.render(QUESTION).text()).isEqualTo(golden.get("question"));
        check(template, SYSTEM, golden.get("system"), golden.get("system_refused"));
        check(template, TURNS, golden.get("turns"), golden.get("turns_refused"));
        check(template, INPUT, golden.get("input"), golden.containsKey("input") ? null : "message 2 is from the user");
        MarkedText special = template.render(SPECIAL);
        assertThat(special.text()).isEqualTo(golden.get("special"));
        assertThat(special.literals().stream().map(range -> special.text().substring(range.start(), range.end())))
                .containsExactly("</s>", "<|im_end|>");
        for (List<Message> messages : List.of(TURNS.subList(0, 2), List.of(Message.assistant("a")))) {
            assertThatThrownBy(() -> template.render(messages)).isInstanceOf(InvalidRequestException.class);
        }
    }

    private static void check(PromptTemplate template, List<Message> messages, String prompt, String refusal) {
        assertThat((prompt == null) != (refusal == null)).isTrue();
        if (prompt != null) {
            assertThat(template.render(messages).text()).isEqualTo(prompt);
        } else {
            assertThatThrownBy(() -> template.render(messages))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(template.name())
                    .hasMessageContaining(refusal);
        }
    }

    @Test
    void whatElseTheCardsPrescribe() {
        PromptTokens tokens = new PromptTokens(Map.of(), Set.of());
        assertThat(PromptTemplates.byName("stormy", tokens).stop()).containsExactly("###");
        assertThat(PromptTemplates.byName("qarasu", tokens).stop()).containsExactly("<|im_end|>");
        assertThat(PromptTemplates.byName("human-assistant", tokens).stop()).containsExactly("\0");
        assertThat(PromptTemplates.byName("rinna-neox-36b", tokens).lineFeed()).contains("<NL>");
        assertThat(names().filter(name -> !PromptTemplates.byName(name, tokens).addSpecialTokens()))
                .containsExactlyInAnyOrder(
                        "elyza-llama2",
                        "jslm-beta",
                        "jslm-beta-closed",
                        "ja-alpaca-space",
                        "jslm-vision",
                        "ja-alpaca",
                        "youri-instruction",
                        "houou",
                        "ja-alpaca-noinput",
                        "llmjp-v10-jaster",
                        "llmjp-v10-instruct",
                        "llmjp-v11",
                        "plamo-instruct",
                        "rinna-neox-36b",
                        "rinna-bilingual",
                        "line-sft",
                        "youri-chat",
                        "swallow-instruct");
    }

    @Test
    void argumentsStandBehindTheName() {
        PromptTokens tokens = new PromptTokens(Map.of("bos_token", "<s>"), Set.of());
        PromptTemplate template = PromptTemplates.byName("karakuri-chat,helpfulness=0,creativity=2", tokens);
        assertThat(template.render(QUESTION).text())
                .isEqualTo("<s>[INST] 山は？ [ATTR] helpfulness: 0 correctness: 4 coherence: 4 complexity: 4"
                        + " verbosity: 4 quality: 4 toxicity: 0 humor: 0 creativity: 2 [/ATTR] [/INST]");
        for (String wrong : List.of("helpfulness=5", "helpfulness=-1", "helpfulness", "wit=1", "")) {
            assertThatThrownBy(() -> PromptTemplates.byName("karakuri-chat," + wrong, tokens))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("helpfulness");
        }
        assertThatThrownBy(() -> PromptTemplates.byName("llama-2,wit=1", tokens))
                .hasMessage("the prompt template llama-2 has no argument 'wit'; it takes none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- {name: a, user: '{content}', system_message: refused, sotp: [x]}",
                "- {name: a, user: '{contents}', system_message: refused}",
                "- {name: a, system_message: refused}",
                "- {name: a, user: x}",
                "- {name: a, user: x, system: '{system}', system_message: fixed}",
                "- {name: a, user: x, system_message: ignored}",
                "- {name: a, like: b}",
                "- {name: a, user: x, system_message: refused, trim: yes please}",
                "- {name: a, user: x, system_message: refused, arguments: [{name: b, default: 1, least: 0}]}",
            })
    void declarationsThatMakeNoSenseAreErrorsWithTheirLine(String entry) {
        assertThatThrownBy(() -> TemplateReader.read("templates:\n" + entry, "own.yaml"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("own.yaml:2: ");
    }
}
