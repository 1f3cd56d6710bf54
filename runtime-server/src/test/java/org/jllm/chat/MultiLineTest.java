package org.jllm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MultiLineTest {
    @Test
    void aBackslashAtTheEndContinuesALine() {
        assertThat(MultiLine.continues("a\\")).isTrue();
        assertThat(MultiLine.continued("a\\")).isEqualTo("a\n");
        assertThat(MultiLine.continues("a\\b")).isFalse();
        assertThat(MultiLine.message("a\nb\\c")).isEqualTo("a\nb\\c");
    }

    @Test
    void quotesHoldABlock() {
        assertThat(MultiLine.continues("\"\"\"")).isTrue();
        assertThat(MultiLine.continues("\"\"\"a\\\nb\"\"")).isTrue();
        assertThat(MultiLine.continued("\"\"\"a\\")).isEqualTo("\"\"\"a\\\n");
        assertThat(MultiLine.continues("\"\"\"a\nb\"\"\" ")).isFalse();
        assertThat(MultiLine.message("\"\"\"\n a\n\nb\n\"\"\" ")).isEqualTo(" a\n\nb");
        assertThat(MultiLine.message("\"\"\"a\"\"\"")).isEqualTo("a");
        assertThat(MultiLine.message("/system \"\"\"a\nb\"\"\"")).isEqualTo("/system a\nb");
    }

    @Test
    void quotesInsideAMessageAreItsOwn() {
        assertThat(MultiLine.continues("x = \"\"\"")).isFalse();
        assertThat(MultiLine.message("def f():\n  \"\"\"doc\"\"\"")).isEqualTo("def f():\n  \"\"\"doc\"\"\"");
        assertThat(MultiLine.message("\"\"\"never closed")).isEqualTo("\"\"\"never closed");
    }
}
