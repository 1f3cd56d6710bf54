package org.jllm.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jllm.catalogue.Catalogue;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.License;
import org.jllm.catalogue.License.Commercial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSearchTest {
    private static final List<Entry> ENTRIES = Catalogue.load().entries();

    private static List<String> find(String... words) {
        return ModelSearch.find(ENTRIES, List.of(words)).stream().map(Entry::id).toList();
    }

    @Test
    void aNameAsPeopleSayItComesFirst() {
        assertThat(find("ELYZA 7B instruct")).first().isEqualTo("elyza/ELYZA-japanese-Llama-2-7b-instruct");
        assertThat(find("ＥＬＹＺＡ", "7b", "Instruct")).first().isEqualTo("elyza/ELYZA-japanese-Llama-2-7b-instruct");
        assertThat(find("swallow", "13b")).first().isEqualTo("tokyotech-llm/Swallow-13b-hf");
        assertThat(find("glucose")).containsExactly("pkshatech/GLuCoSE-base-ja");
    }

    @Test
    void whatIsSaidOfAModelCountsToo() {
        assertThat(find("rinna", "stockmark")).isEmpty();
        assertThat(find("Stockmark", "chat")).containsExactly("stockmark/stockmark-13b-instruct");
        assertThat(find("kyoto", "university", "mbart")).hasSize(2).allMatch(id -> id.startsWith("ku-nlp/bart-"));
    }

    @Test
    void allWordsHaveToBeThere() {
        assertThat(find("elyza", "gpt-7")).isEmpty();
        assertThat(find("(elyza")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "commercial, YES, true",
        "commercial, CONDITIONAL, true",
        "commercial, NO, false",
        "commercial, UNKNOWN, false",
        "yes, CONDITIONAL, false",
        "conditional, CONDITIONAL, true",
        "NO, NO, true",
        "apache, NO, true",
        "Apache-2.0, NO, true",
        "mit, NO, false",
    })
    void licencesAreChosenByUseOrName(String wanted, Commercial commercial, boolean chosen) {
        License license = new License("Apache 2.0", null, commercial, false);
        assertThat(new LicenseFilter(wanted).test(license)).isEqualTo(chosen);
    }
}
