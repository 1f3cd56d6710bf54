package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.api.WordOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void configuration() {
        file = temp.resolve("config.yaml");
    }

    private Settings settings(String yaml, Map<String, String> environment) throws IOException {
        return Settings.of(environment, Files.writeString(file, yaml));
    }

    @Test
    void everyKeyCanStandInTheFile() throws IOException {
        Settings settings = settings("""
                temperature: 1e-1
                top_k: 40
                top_p: 0.9
                min_p: 0.05
                repeat_penalty: 1.1
                presence_penalty: -0.5
                frequency_penalty: 2
                seed: -9223372036854775808
                max_tokens: 100
                stop: [a, "。"]
                engine: gguf
                device: cuda:1
                dtype: F16
                quantize: int8
                threads: 2
                context: 4096
                cache_bytes: 1.5GB
                pack_bytes: 0
                chat_template: plain
                catalogue: more.yaml
                gpu_layers: 20
                mlock: true
                ignore_memory: true
                prompt_lookup: off
                lora: [a.gguf, b=c.gguf=0.5]
                base: my/base
                mecab_dictionary: /a
                mecab_user_dictionary: [b.dic, c.dic]
                sudachi_dictionary: d.dic
                sudachi_mode: B
                pre_segmented: true
                system: |
                  一行目
                  二行目
                """, Map.of());
        assertThat(settings.generation())
                .isEqualTo(new GenerationOptions(
                        0.1, 40, 0.9, 0.05, 1.1, -0.5, 2.0, null, Long.MIN_VALUE, 100, List.of("a", "。")));
        assertThat(settings.load())
                .isEqualTo(new LoadOptions(
                        "gguf",
                        "cuda:1",
                        "float16",
                        "int8",
                        2,
                        4096,
                        1_500_000_000L,
                        0L,
                        "plain",
                        20,
                        true,
                        true,
                        0,
                        List.of(new LoraAdapter(Path.of("a.gguf"), 1), new LoraAdapter(Path.of("b=c.gguf"), 0.5f)),
                        "my/base",
                        new WordOptions("/a", List.of("b.dic", "c.dic"), "d.dic", "B", true)));
        assertThat(settings.system()).isEqualTo("一行目\n二行目\n");
        assertThat(settings.catalogue()).isEqualTo("more.yaml");
    }

    @Test
    void everyKeyCanStandInTheEnvironment() {
        for (SettingKey key : SettingKey.values()) {
            String value = Map.of(
                            "ENGINE", "onnx",
                            "DEVICE", "cpu",
                            "DTYPE", "bf16",
                            "QUANTIZE", "none",
                            "MLOCK", "false",
                            "OFFLINE", "false",
                            "IGNORE_MEMORY", "true",
                            "SUDACHI_MODE", "C",
                            "PRE_SEGMENTED", "true",
                            "HUB_ENDPOINT", "https://hub.example")
                    .getOrDefault(key.name(), "1");
            Settings settings = Settings.of(Map.of("JLLM_" + key.name(), value), file);
            assertThat(settings).as(key.name()).isNotEqualTo(Settings.none());
        }
    }

    @Test
    void environmentStandsOverTheFile() throws IOException {
        Settings settings = settings(
                "temperature: 0.1\ntop_k: 1\nstop: a\nsystem: file\nthreads: 1\n",
                Map.of(
                        "JLLM_TEMPERATURE",
                        "0.2",
                        "JLLM_STOP",
                        "b",
                        "JLLM_SYSTEM",
                        "環境",
                        "JLLM_CONTEXT",
                        "8",
                        "PATH",
                        "/"));
        assertThat(settings.generation().temperature()).isEqualTo(0.2);
        assertThat(settings.generation().topK()).isEqualTo(1);
        assertThat(settings.generation().stop()).containsExactly("b");
        assertThat(settings.load())
                .isEqualTo(LoadOptions.builder().threads(1).context(8).build());
        assertThat(settings.system()).isEqualTo("環境");
    }

    @Test
    void flagsStandOverBoth() throws IOException {
        Settings settings = Settings.ofFlags(Map.of("top_k", "3"), "--")
                .orElse(settings("top_k: 1\nmin_p: 0.1\n", Map.of("JLLM_TOP_K", "2")));
        assertThat(settings.generation().topK()).isEqualTo(3);
        assertThat(settings.generation().minP()).isEqualTo(0.1);
        assertThatThrownBy(() -> Settings.ofFlags(Map.of("top_k", "many"), "--"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("--top-k: top_k must be a whole number, not 'many'");
    }

    @Test
    void adaptersAreFilesWithScales() {
        assertThat(LoraAdapter.parse("a.gguf")).isEqualTo(new LoraAdapter(Path.of("a.gguf"), 1));
        assertThat(LoraAdapter.parse("a.gguf=-2")).isEqualTo(new LoraAdapter(Path.of("a.gguf"), -2));
        assertThat(LoraAdapter.parse("a=1=.5e0")).isEqualTo(new LoraAdapter(Path.of("a=1"), 0.5f));
        assertThat(LoraAdapter.parse("a=NaN")).isEqualTo(new LoraAdapter(Path.of("a=NaN"), 1));
        assertThatThrownBy(() -> LoraAdapter.parse("a\0b")).isInstanceOf(InvalidRequestException.class);
        LoraAdapter one = LoraAdapter.parse("a");
        LoadOptions upper = LoadOptions.ofLora(List.of(one));
        LoadOptions lower = LoadOptions.ofLora(List.of(LoraAdapter.parse("b")));
        assertThat(upper.orElse(lower)).isEqualTo(upper).isNotEqualTo(lower);
        assertThat(LoadOptions.none().orElse(lower)).isEqualTo(lower);
        assertThat(LoadOptions.ofLora(List.of()).orElse(lower).lora()).isEmpty();
        assertThatThrownBy(() -> LoadOptions.ofLora(List.of(one, LoraAdapter.parse("a=2"))))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> LoadOptions.ofLora(java.util.Collections.nCopies(5, one)))
                .hasMessageContaining("at most 4");
    }

    @Test
    void nothingSaidIsNothingSet() throws IOException {
        assertThat(Settings.of(Map.of("JLLM_TOP_K", ""), file)).isEqualTo(Settings.none());
        assertThat(settings("# empty\n", Map.of())).isEqualTo(Settings.none());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JLLM_TEMPRATURE | 1 | unknown environment variable JLLM_TEMPRATURE; did you mean JLLM_TEMPERATURE?",
                "JLLM_CAHCE | /x | unknown environment variable JLLM_CAHCE; did you mean JLLM_CACHE",
                "JLLM_QQQQQQQQ | 1 | unknown environment variable JLLM_QQQQQQQQ; known are JLLM_API_KEY, JLLM_BASE, JLLM_CACHE, JLLM_CACHE_BYTES",
                "JLLM_TOP_P | 2 | JLLM_TOP_P: top_p must be above 0 and at most 1, not 2.0",
                "JLLM_LORA | =0.5 | JLLM_LORA: an adapter is given as FILE or FILE=SCALE, not '=0.5'",
                "JLLM_LORA | a=1e99 | JLLM_LORA: the scale of the adapter a must be finite, not Infinity",
                "JLLM_SEED | x | JLLM_SEED: seed must be a whole number, not 'x'",
                "JLLM_DEVICE | cuda | JLLM_DEVICE: device must be cpu, cuda:N, vulkan:N or metal, not 'cuda'",
                "JLLM_PROMPT_LOOKUP | on | JLLM_PROMPT_LOOKUP: prompt_lookup must be auto, off or a whole number, not 'on'",
                "JLLM_PROMPT_LOOKUP | 64 | JLLM_PROMPT_LOOKUP: prompt_lookup must be 0 to 63, not 64",
                "JLLM_PACK_BYTES | all | JLLM_PACK_BYTES: pack_bytes must be a number of bytes such as 4GiB, not 'all'",
                "JLLM_CACHE_BYTES | -1 | JLLM_CACHE_BYTES: cache_bytes must be a number of bytes such as 4GiB, not '-1'",
            })
    void variablesAreChecked(String name, String value, String message) {
        assertThatThrownBy(() -> Settings.of(Map.of(name, value), file))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void variablesForOthersAreFine() {
        Map<String, String> others = Map.of(
                "JLLM_CACHE",
                "/x",
                "JLLM_JAVA_OPTIONS",
                "-Xmx1g",
                "JLLM_LLAMA_LIBRARY_PATH",
                "/y",
                "JLLM_CONFIG",
                "/z");
        assertThat(Settings.of(others, file)).isEqualTo(Settings.none());
    }

    @Test
    void unknownKeyNamesFileLineAndNearestKey() {
        assertThatThrownBy(() -> settings("temperature: 0\n\ntop-k: 5\n", Map.of()))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(file + ":3: unknown key 'top-k' in the configuration; did you mean top_k?");
        assertThatThrownBy(() -> settings("threads: 1\nmax_tokens: 0\n", Map.of()))
                .hasMessage(file + ":2: max_tokens must be at least 1, not 0");
        assertThatThrownBy(() -> settings("- a\n", Map.of()))
                .hasMessage(file + ":1: the configuration must be a mapping of keys to values, not a list");
    }

    @Test
    void configurationIsWhereTheUserHasIt() throws IOException {
        assertThat(Settings.configuration(Map.of(), temp)).isEqualTo(temp.resolve(".config/jllm/config.yaml"));
        assertThat(Settings.configuration(Map.of("XDG_CONFIG_HOME", "/xdg"), temp))
                .isEqualTo(Path.of("/xdg/jllm/config.yaml"));
        assertThat(Settings.configuration(Map.of("XDG_CONFIG_HOME", "relative"), temp))
                .isEqualTo(temp.resolve(".config/jllm/config.yaml"));
        assertThatThrownBy(() -> Settings.configuration(Map.of("JLLM_CONFIG", file.toString()), temp))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("JLLM_CONFIG names " + file + ", which does not exist");
        Files.writeString(file, "");
        assertThat(Settings.configuration(Map.of("JLLM_CONFIG", file.toString()), temp))
                .isEqualTo(file);
    }

    @Test
    void theVariablesOfHuggingFaceHubStandBelowTheOwnOnes() throws IOException {
        Path file = Files.writeString(temp.resolve("hub.yaml"), """
                hub_endpoint: https://file.example
                hub_token: hf_file
                offline: false
                """);
        HubOptions fromFile = Settings.of(Map.of(), file).hub();
        assertThat(fromFile).isEqualTo(new HubOptions("https://file.example", "hf_file", false));
        Map<String, String> foreign =
                Map.of("HF_ENDPOINT", "https://mirror.example", "HF_TOKEN", "hf_variable\n", "HF_HUB_OFFLINE", "1");
        assertThat(Settings.of(foreign, file).hub())
                .isEqualTo(new HubOptions("https://mirror.example", "hf_variable", true));
        Map<String, String> both = new HashMap<>(foreign);
        both.put("JLLM_HUB_TOKEN", "hf_own");
        both.put("JLLM_OFFLINE", "false");
        assertThat(Settings.of(both, file).hub()).isEqualTo(new HubOptions("https://mirror.example", "hf_own", false));
        assertThat(Settings.of(Map.of("HF_HUB_OFFLINE", "0"), file).hub().offline())
                .isFalse();
    }

    @Test
    void aTokenIsNeverShown() {
        HubOptions options = Settings.of(Map.of("HF_TOKEN", "hf_secret"), temp.resolve("none"))
                .hub();
        assertThat(options).asString().doesNotContain("hf_secret");
        assertThatThrownBy(() -> Settings.of(Map.of("HF_TOKEN", "hf_sec ret"), temp.resolve("none")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("HF_TOKEN")
                .hasMessageNotContaining("hf_sec");
        assertThatThrownBy(() -> Settings.of(Map.of("JLLM_HUB_ENDPOINT", "huggingface.co"), temp.resolve("none")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("hub_endpoint must be an address");
    }
}
