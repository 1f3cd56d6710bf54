package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WideTextTest {
    private static String wide(String text) {
        return WideText.of(text).text();
    }

    /** As the table of mojimoji has it. */
    @Test
    void isFullWidth() {
        assertThat(wide("aZ09 ~-,")).isEqualTo("ａＺ０９　～－，");
        assertThat(wide("\"'`¥\\")).isEqualTo("”’‘￥\\");
        assertThat(wide("ｱｶﾞﾊﾟｳﾞ")).isEqualTo("アガパヴ");
        assertThat(wide("ﾜﾞｦﾞﾞﾟ")).isEqualTo("ワ゛ヲ゛゛゜");
        assertThat(wide("ｱﾟﾌﾞﾟ")).isEqualTo("ア゜ブ゜");
        assertThat(wide("｡､･｢｣ｰｯ")).isEqualTo("。、・「」ーッ");
        assertThat(wide("漢字ＡガＡ゙😀")).isEqualTo("漢字ＡガＡ゙😀");
    }

    @Test
    void wordsAreFoundInTheOriginal() {
        assertThat(WideText.of("ｶﾞ1 Ｂ\nc").originals(List.of("ガ１", "　", "Ｂ", "ｃ")))
                .containsExactly("ｶﾞ1", " ", "Ｂ", "c");
        assertThat(WideText.of("ﾊﾟﾊﾟﾊ").originals(List.of("パ", "パハ"))).containsExactly("ﾊﾟ", "ﾊﾟﾊ");
    }

    @Test
    void quotesThatBecomeOthersAreInNoWord() {
        assertThat(WideText.of("\"I'm\"`").originals(List.of("”", "Ｉ’ｍ", "”‘"))).containsExactly("I", "m");
        assertThat(WideText.of("”あ’").originals(List.of("”", "あ’"))).containsExactly("”", "あ’");
    }
}
