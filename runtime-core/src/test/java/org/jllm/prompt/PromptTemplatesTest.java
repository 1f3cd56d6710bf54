package org.jllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Message;
import org.jllm.tokenizer.MarkedText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTemplatesTest {
    private static final PromptTokens TOKENS =
            new PromptTokens(Map.of("bos_token", "<s>", "eos_token", "</s>"), Set.of("<|user|>", "</think>"));

    @TempDir
    Path folder;

    private static MarkedText render(String template, Message... messages) {
        return ChatTemplate.parse(template, "the test", TOKENS).render(List.of(messages));
    }

    private static List<String> literals(MarkedText text) {
        return text.literals().stream()
                .map(range -> text.text().substring(range.start(), range.end()))
                .toList();
    }

    @Test
    void specialTokensOfTheContentAreLiteralAndThoseOfTheTemplateAreNot() {
        MarkedText prompt = render(
                "{{ bos_token }}<|user|>{{ messages[0].content }}{{ eos_token }}", Message.user("a<s>b</s><|user|>c"));
        assertThat(prompt.text()).isEqualTo("<s><|user|>a<s>b</s><|user|>c</s>");
        assertThat(prompt.literals()).containsExactly(new MarkedText.Range(12, 15), new MarkedText.Range(16, 28));
    }

    @Test
    void aSpecialTokenAcrossTheBorderIsLiteralWhereTheContentIs() {
        MarkedText prompt = render("<{{ messages[0].content }}>", Message.user("s>and<s"));
        assertThat(prompt.text()).isEqualTo("<s>and<s>");
        assertThat(prompt.literals()).containsExactly(new MarkedText.Range(1, 3), new MarkedText.Range(6, 8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ messages[0].content }}",
                "{{ messages[0].content | trim }}",
                "{{ messages[0].content | lower | upper | lower }}",
                "{{ messages[0].content.strip().replace('x', 'y') }}",
                "{{ 'a' ~ messages[0].content ~ 'b' }}",
                "{% set c = '>>' + messages[0].content[1:] %}{{ c }}",
                "{% set c %}[{{ messages[0].content }}]{% endset %}{{ c }}",
                "{% macro m(c) %}{{ c }}{% endmacro %}{{ m(messages[0].content) }}",
                "{{ messages | map(attribute='content') | join(' ') }}",
                "{{ messages[0].content.split(' ') | join(' ') }}",
                "{{ messages | tojson }}",
                "{{ messages }}",
                "{{ '%s!' % messages[0].content }}",
                "{{ '{}!'.format(messages[0].content) }}",
                "{{ messages[0].content | indent(2) }}",
                "{{ messages[0].content | list | join }}",
                "{{ messages[0].content[::-1][::-1] }}",
                "{% filter trim %}{{ messages[0].content }}{% endfilter %}"
            })
    void contentStaysContentWhateverTheTemplateDoes(String template) {
        assertThat(literals(render(template, Message.user("  x </s> y😀<|user|> "))))
                .containsExactly("</s>", "<|user|>");
    }

    @Test
    void comparisonsSeeTheContentAsItIs() {
        assertThat(render(
                                "{{ messages[0].content.split('</think>')[-1] }}{{ messages[0].content == '<s></think>x' }}",
                                Message.user("<s></think>x"))
                        .text())
                .isEqualTo("xTrue");
    }

    @Test
    void findsTheTemplateOfARepository() throws IOException {
        assertThat(PromptTemplates.find(folder, TOKENS)).isEmpty();
        write("chat_template.json", "{\"chat_template\": \"C\"}");
        assertThat(found()).isEqualTo("C");
        write("tokenizer_config.json", "{\"chat_template\": null}");
        assertThat(found()).isEqualTo("C");
        write(
                "tokenizer_config.json",
                "{\"unk_token\": {\"content\": \"<unk>\"}, \"chat_template\": [{\"name\": \"tool_use\", \"template\": \"T\"},"
                        + " {\"name\": \"default\", \"template\": \"{{ bos_token }}{{ unk_token }}{{ pad_token }}\"}]}");
        assertThat(found()).isEqualTo("<s><unk>");
        write("chat_template.jinja", "J{{ messages[0].content }}\n");
        assertThat(found()).isEqualTo("Jx");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String found() {
        return PromptTemplates.find(folder, TOKENS)
                .orElseThrow()
                .render(List.of(Message.user("x")))
                .text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"chat_template\": 5}",
                "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}",
                "{\"chat_template\": \"{% if %}\"}",
                "{\"chat_template\": \"\\n{{ x\"}",
                "{\"chat_template\": \"{% include 'x' %}\"}",
                "{\"chat_template\": \"{{ x | nosuchfilter }}\"}",
                "{",
            })
    void filesThatAreNoTemplateAreNamed(String config) throws IOException {
        write("tokenizer_config.json", config);
        assertThatThrownBy(() -> PromptTemplates.find(folder, TOKENS))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tokenizer_config.json")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void syntaxErrorsNameTheLine() {
        assertThatThrownBy(() -> render("a\nb\n{% if x %}\n{{ 1 + }}\n{% endif %}", Message.user("x")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("line 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for a in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for a in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for a in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
                "{% for i in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
                "{{ 'x' * 999999999999 }}",
                "{{ 'x' | center(999999999) }}",
                "{{ 'x'.zfill(9999999999999) }}",
                "{{ '%99999d' % 1 }}",
                "{{ [1] * 999999999999 }}",
                "{{ 9 ** 99999999 }}",
                "{{ ''.__class__.__mro__ }}",
                "{{ messages.getClass().forName('java.lang.Runtime') }}",
            })
    void hostileTemplatesEnd(String template) {
        Assertions.assertThatCode(() -> org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                        Duration.ofSeconds(60), () -> render(template, Message.user("x"))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void hostileSourcesEnd() {
        for (String source :
                List.of("(".repeat(50_000), "[".repeat(50_000), "-".repeat(50_000), "not ".repeat(50_000))) {
            assertThatThrownBy(() -> render("{{ " + source, Message.user("x")))
                    .isInstanceOf(InvalidModelException.class);
        }
        assertThatThrownBy(() -> render("{% if 1 %}".repeat(50_000), Message.user("x")))
                .isInstanceOf(InvalidModelException.class);
        assertThatThrownBy(() -> render("{{ 1" + "+1".repeat(50_000) + " }}", Message.user("x")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void llama2() {
        PromptTemplate template = PromptTemplates.byName("llama-2", TOKENS);
        assertThat(template.render(List.of(
                                Message.system("S "),
                                Message.user(" u1 "),
                                Message.assistant(" a1\n"),
                                Message.user("u2</s>")))
                        .text())
                .isEqualTo("<s>[INST] <<SYS>>\nS \n<</SYS>>\n\n u1 [/INST] a1 </s><s>[INST] u2</s> [/INST]");
        assertThat(literals(template.render(List.of(Message.user("u2</s>"))))).containsExactly("</s>");
        assertThatThrownBy(() -> template.render(List.of(Message.user("a"), Message.user("b"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("message 2");
        assertThatThrownBy(() -> template.render(List.of(Message.system("a"))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void plain() {
        PromptTemplate template = PromptTemplates.byName("plain", TOKENS);
        assertThat(template.render(List.of(Message.user(" x "))).text()).isEqualTo(" x ");
        MarkedText two = template.render(List.of(Message.system("<s>"), Message.user("b")));
        assertThat(two).isEqualTo(new MarkedText("<s>\nb", List.of(new MarkedText.Range(0, 3))));
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> PromptTemplates.byName("llama-9", TOKENS))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("there is no prompt template 'llama-9'; the known ones are alpaca-en, ")
                .hasMessageContaining("llama-2, llama2-chat, ")
                .hasMessageEndingWith("or a file with a Jinja template");
    }
}
