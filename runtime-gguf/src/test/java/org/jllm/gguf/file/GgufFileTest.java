package org.jllm.gguf.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jllm.gguf.file.GgufBytes.file;
import static org.jllm.gguf.file.GgufBytes.header;
import static org.jllm.gguf.file.GgufBytes.key;
import static org.jllm.gguf.file.GgufBytes.pair;
import static org.jllm.gguf.file.GgufBytes.pairs;
import static org.jllm.gguf.file.GgufBytes.tensor;
import static org.jllm.gguf.file.GgufBytes.texts;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.generation.ModelDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    @TempDir
    private Path folder;

    private GgufFile read(byte[] bytes) throws IOException {
        return GgufFile.read(Files.write(folder.resolve("model.gguf"), bytes));
    }

    @Test
    void theEmbeddedModel() throws IOException {
        GgufFile model = GgufFile.read(Embedded.file(folder));
        assertThat(model.architecture()).isEqualTo("llama");
        assertThat(model.tokenizerModel()).contains("llama");
        assertThat(model.quantization()).isEqualTo("BF16");
        assertThat(model.chatTemplate()).isPresent();
        ModelDescription description = GgufDescription.of(model);
        assertThat(description.supported()).isTrue();
        assertThat(description.context()).isEqualTo(model.contextLength().getAsInt());
        assertThat(description.vocabularySize())
                .isEqualTo(model.tensors()
                        .get("token_embd.weight")
                        .dimensions()
                        .get(1)
                        .intValue());
        assertThat(description.parameters()).isBetween(5_000_000L, 7_000_000L);
        assertThat(description.storedType()).isEqualTo("BF16");
    }

    @Test
    void onlyTheHeaderOfALargeFileIsRead() throws IOException {
        byte[] header = file(
                List.of(pair("general.architecture", "llama")),
                List.of(tensor("a", GgmlType.Q4_K.id(), 0, 256, 1 << 25)),
                0);
        Path path = folder.resolve("large.gguf");
        try (RandomAccessFile large = new RandomAccessFile(path.toFile(), "rw")) {
            large.write(header);
            large.setLength(header.length + 144L * (1 << 25));
        }
        GgufFile model = GgufFile.read(path);
        assertThat(model.bytes()).isEqualTo(4_831_838_208L);
        assertThat(model.parameters()).isEqualTo(1L << 33);
        assertThat(model.quantization()).isEqualTo("Q4_K");
    }

    @Test
    void quantizationAsPeopleWriteIt() throws IOException {
        assertThat(read(pairs(pair("general.file_type", 15))).quantization()).isEqualTo("Q4_K_M");
        assertThat(read(pairs(pair("general.file_type", 1024 + 7))).quantization())
                .isEqualTo("Q8_0");
        byte[] half = tensor("a", GgmlType.F16.id(), 0, 32);
        assertThat(read(file(List.of(pair("general.file_type", 0)), List.of(half), 64))
                        .quantization())
                .isEqualTo("F16");
        assertThat(read(file(List.of(pair("general.file_type", 999)), List.of(half), 64))
                        .quantization())
                .isEqualTo("F16");
    }

    @Test
    void version2AndFilesWithoutPadding() throws IOException {
        assertThat(read(header("GGUF", 2, 0, 1)
                                .raw(pair("general.architecture", "gpt2"))
                                .bytes())
                        .architecture())
                .isEqualTo("gpt2");
        assertThat(read(header("GGUF", 3, 0, 0).bytes()).tensors()).isEmpty();
    }

    @Test
    void smallAlignmentWhereEveryPlaceCanBeMapped() throws IOException {
        byte[] bytes = file(
                List.of(pair("general.alignment", 16)),
                List.of(tensor("a", GgmlType.F32.id(), 0, 16), tensor("b", GgmlType.F32.id(), 64, 1)),
                68);
        assertThat(GgufFile.read(Files.write(folder.resolve("a.gguf"), bytes)).alignment())
                .isEqualTo(16);
    }

    @Test
    void whatCannotBeRunIsSaidNotToBeSupported() throws IOException {
        byte[] weights = tensor("a", GgmlType.F32.id(), 0, 8);
        List<byte[]> model = List.of(pair("general.architecture", "llama"));
        List<byte[]> adapter = List.of(pair("general.architecture", "llama"), pair("general.type", "adapter"));
        List<byte[]> unknown = List.of(pair("general.architecture", "new"));
        assertThat(GgufDescription.of(read(file(model, List.of(weights), 32))).supported())
                .isTrue();
        assertThat(GgufDescription.of(read(file(model, List.of(), 0))).supported())
                .isFalse();
        assertThat(GgufDescription.of(read(file(adapter, List.of(weights), 32))).supported())
                .isFalse();
        ModelDescription description = GgufDescription.of(read(file(unknown, List.of(weights), 32)));
        assertThat(description.supported()).isFalse();
        assertThat(description.context()).isNull();
        assertThat(description.vocabularySize()).isNull();
    }

    @Test
    void tokensNeedNotBeUtf8AndMayRepeatWithoutATokenizer() throws IOException {
        GgufFile model =
                read(pairs(pair("tokenizer.ggml.model", "none"), texts("tokenizer.ggml.tokens", "x", "x", "x", "x")));
        assertThat(model.vocabularySize()).hasValue(4);
        byte[] half = {(byte) 0xe3, (byte) 0x81};
        GgufTexts tokens = read(pairs(key("t", GgufValueType.ARRAY)
                        .int32(GgufValueType.STRING.id())
                        .int64(1)
                        .text(half)
                        .bytes()))
                .metadata()
                .texts("t")
                .orElseThrow();
        assertThat(tokens.get(0).bytes()).isEqualTo(half);
        assertThat(tokens.get(0).decoded()).isEmpty();
    }

    @Test
    void gettersNameKeyAndValue() throws IOException {
        GgufMetadata metadata = read(pairs(
                        pair("text", "一\n二"),
                        pair("number", 7),
                        key("bad", GgufValueType.STRING).text((byte) 0xff).bytes(),
                        key("big", GgufValueType.UINT64).int64(-1).bytes(),
                        key("yes", GgufValueType.BOOL).raw((byte) 1).bytes()))
                .metadata();
        assertThat(metadata.intOr("number", 0, 1, 7)).isEqualTo(7);
        assertThat(metadata.intOr("other", 5, 1, 7)).isEqualTo(5);
        assertThat(metadata.doubleOr("number", 0, 0, 10)).isEqualTo(7.0);
        assertThat(metadata.boolOr("yes", false)).isTrue();
        assertThat(metadata.text("text")).contains("一\n二");
        refused(() -> metadata.intOr("number", 0, 1, 6), "number must be a whole number from 1 to 6, not uint32 7");
        refused(() -> metadata.intOr("big", 0, -5, 6), "not uint64 18446744073709551615");
        refused(() -> metadata.intOr("text", 0, 1, 6), "not the text '一\\u000a二'");
        refused(() -> metadata.intOr("yes", 0, 0, 6), "not bool true");
        refused(() -> metadata.boolOr("number", false), "number must be true or false");
        refused(() -> metadata.doubleOr("yes", 0, 0, 1), "yes must be a number");
        refused(() -> metadata.text("bad"), "bad must be a text in UTF-8");
        refused(() -> metadata.texts("text"), "text must be an array of texts");
        refused(() -> metadata.numbers("text", GgufValueType.FLOAT32), "text must be an array of float32");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String says) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("model.gguf")
                .hasMessageContaining(says);
    }

    @Test
    void aModelWithoutArchitecture() throws IOException {
        GgufFile model = read(pairs(pair("general.name", "x")));
        assertThat(model.name()).contains("x");
        refused(model::architecture, "general.architecture is missing");
    }
}
