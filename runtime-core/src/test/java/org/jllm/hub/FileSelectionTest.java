package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.ModelNotFoundException;
import org.junit.jupiter.api.Test;

class FileSelectionTest {
    private static final String ETAG = "0".repeat(40);

    private static RepositoryListing listing(String... paths) {
        List<RepositoryFile> files =
                Stream.of(paths).map(path -> new RepositoryFile(path, 10, ETAG)).toList();
        return new RepositoryListing("org/name", ETAG, files, null);
    }

    private static List<String> select(FileSelection.Kind kind, String... paths) {
        return select(new FileSelection(kind), paths);
    }

    private static List<String> select(FileSelection selection, String... paths) {
        return selection.files(listing(paths), index -> Set.of("part-1.safetensors", "part-2.safetensors")).stream()
                .map(RepositoryFile::path)
                .sorted()
                .toList();
    }

    private static List<String> model(String... paths) {
        return select(FileSelection.Kind.TRANSFORMERS, paths);
    }

    @Test
    void safetensorsComeBeforeBin() {
        assertThat(model("config.json", "model.safetensors", "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack"))
                .containsExactly("config.json", "model.safetensors");
        assertThat(model("config.json", "pytorch_model.bin", "training_args.bin", "trainer_state.json"))
                .containsExactly("config.json", "pytorch_model.bin");
    }

    @Test
    void theShardsOfTheIndexAreTaken() {
        String[] files = {
            "model.safetensors.index.json",
            "part-1.safetensors",
            "part-2.safetensors",
            "other.safetensors",
            "pytorch_model.bin.index.json",
            "pytorch_model-00001-of-00001.bin"
        };
        assertThat(model(files))
                .containsExactly("model.safetensors.index.json", "part-1.safetensors", "part-2.safetensors");
        assertThatThrownBy(() -> model("model.safetensors.index.json", "part-1.safetensors"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("lacks part-2.safetensors");
    }

    @Test
    void filesOfEveryKindOfTokenizerAreTaken() {
        List<String> wanted = List.of(
                "added_tokens.json",
                "chat_template.jinja",
                "dict.txt",
                "emoji.json",
                "generation_config.json",
                "merges.txt",
                "qwen.tiktoken",
                "rwkv_vocab_v20230424.txt",
                "sentencepiece.bpe.model",
                "special_tokens_map.json",
                "spiece.model",
                "tokenizer.json",
                "tokenizer.model",
                "tokenizer_config.json",
                "vocab.json",
                "vocab.txt");
        assertThat(select(FileSelection.Kind.TOKENIZER, wanted.toArray(String[]::new)))
                .isEqualTo(wanted);
        assertThat(select(
                        FileSelection.Kind.TOKENIZER,
                        "README.md",
                        ".gitattributes",
                        "model.safetensors",
                        "modeling_x.py"))
                .isEmpty();
    }

    @Test
    void sentenceEncodersHaveTheirParts() {
        assertThat(model(
                        "config.json",
                        "model.safetensors",
                        "modules.json",
                        "1_Pooling/config.json",
                        "artifact.metadata",
                        "2_Dense/config.json",
                        "2_Dense/model.safetensors",
                        "2_Dense/pytorch_model.bin",
                        "onnx/model.onnx",
                        "eval/results.json"))
                .containsExactly(
                        "1_Pooling/config.json",
                        "2_Dense/config.json",
                        "2_Dense/model.safetensors",
                        "artifact.metadata",
                        "config.json",
                        "model.safetensors",
                        "modules.json");
    }

    @Test
    void adaptersAndQuantisedWeightsAreTaken() {
        assertThat(model("adapter_config.json", "adapter_model.bin")).hasSize(2);
        assertThat(model("quantize_config.json", "config.json", "gptq_model-4bit-128g.safetensors"))
                .hasSize(3);
        assertThat(model("RWKV-4-World-JPNtuned-7B.pth", "README.md")).containsExactly("RWKV-4-World-JPNtuned-7B.pth");
    }

    @Test
    void aRepositoryWithoutWeightsIsTold() {
        assertThatThrownBy(() -> model("config.json"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("no weights");
        assertThatThrownBy(() -> model("x.gguf")).hasMessageContaining("--engine gguf");
    }

    @Test
    void oneGgufFileIsTaken() {
        String[] files = {"m.Q2_K.gguf", "m.Q8_0.gguf", "m.Q4_K_M.gguf", "mmproj-f16.gguf", "README.md"};
        assertThat(select(FileSelection.Kind.GGUF, files)).containsExactly("m.Q4_K_M.gguf");
        assertThat(select(new FileSelection(FileSelection.Kind.GGUF, "q8_0"), files))
                .containsExactly("m.Q8_0.gguf");
        assertThat(select(new FileSelection(FileSelection.Kind.GGUF, "m.Q2_K.gguf"), files))
                .containsExactly("m.Q2_K.gguf");
        assertThatThrownBy(() -> select(new FileSelection(FileSelection.Kind.GGUF, "Q3"), files))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no .gguf files of the name 'Q3'; there are m.Q2_K.gguf, m.Q4_K_M.gguf");
        assertThatThrownBy(() -> select(new FileSelection(FileSelection.Kind.GGUF, "m.Q"), files))
                .hasMessageContaining("several");
    }

    @Test
    void allPartsOfAGgufFileAreTaken() {
        assertThat(select(
                        FileSelection.Kind.GGUF,
                        "q4_k_m/m-q4_k_m-00001-of-00002.gguf",
                        "q4_k_m/m-q4_k_m-00002-of-00002.gguf",
                        "m-q8_0.gguf"))
                .hasSize(2);
    }

    @Test
    void aGraphHasItsData() {
        assertThat(select(
                        FileSelection.Kind.ONNX,
                        "config.json",
                        "onnx/model.onnx",
                        "onnx/model.onnx_data",
                        "onnx/model_q4.onnx",
                        "model.safetensors"))
                .containsExactly("config.json", "onnx/model.onnx", "onnx/model.onnx_data");
        String[] several = {
            "config.json", "onnx/model.onnx", "onnx/model_q4.onnx", "onnx/model_q4.onnx_data", "onnx/model_int8.onnx"
        };
        assertThat(select(new FileSelection(FileSelection.Kind.ONNX, "q4"), several))
                .containsExactly("config.json", "onnx/model_q4.onnx", "onnx/model_q4.onnx_data");
        assertThat(select(new FileSelection(FileSelection.Kind.ONNX, "model.onnx"), several))
                .containsExactly("config.json", "onnx/model.onnx");
        assertThatThrownBy(() -> select(new FileSelection(FileSelection.Kind.ONNX, "fp16"), several))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no .onnx files of the name 'fp16'; there are onnx/model.onnx");
    }

    @Test
    void otherFormatsAreTakenWhole() {
        assertThat(select(FileSelection.Kind.ALL, "model.nemo", "exp/config.yaml", "optimizer.pt", ".gitattributes"))
                .containsExactly("exp/config.yaml", "model.nemo");
    }
}
