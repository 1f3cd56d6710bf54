package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jllm.checkpoint.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantised models of which something is wrong. */
class MalformedQuantizationTest {
    private static final String QUERY = "model.layers.0.self_attn.q_proj";
    private static final String WEIGHT = QUERY + ".weight";
    private static final String STATE = WEIGHT + ".quant_state.bitsandbytes__nf4";
    private static final String FIELDS =
            "\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 32, \"desc_act\": true,"
                    + " \"sym\": true, \"checkpoint_format\": \"gptq\"";

    @TempDir
    private Path folder;

    private final TinyModel model = TinyModel.random(TinyModel.LLAMA, 1);

    private TinyFile gptq() {
        return new TinyGptq(4, 32, true, true).pack(model, List.of(QUERY), new Random(2));
    }

    private TinyFile fourBit(boolean nested) {
        return new TinyBitsAndBytes("nf4", 64, nested, "float16", new Random(3)).fourBit(model, List.of(QUERY));
    }

    private void assertRefused(TinyFile file, String config, String... parts) {
        Path written = model.write(folder.resolve("model"), file, config);
        Refusals.assertRefused(() -> TinyModel.logits(written), parts);
    }

    private static String config(String fields) {
        return "{\"quantization_config\": {" + fields + "}}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'bits': 4, 'group_size': 0 | group_size must be -1 or at least 1",
                "'bits': 4, 'group_size': -7 | group_size must be",
                "'bits': 4 | group_size is missing",
                "'group_size': 32 | bits is missing",
                "'bits': 5, 'group_size': 32 | GPTQ of 5 bits is not supported; 2, 3, 4 and 8 are",
                "'bits': 1e9, 'group_size': 32 | bits must be",
                "'bits': 8, 'group_size': 32 | has shape [2, 64], but groups of 32 of 32 inputs make it [1, 64]",
                "'bits': 4, 'group_size': 16 | make it [4, 64]",
                "'bits': 4, 'group_size': 48, 'desc_act': 2 | desc_act must be true or false",
                "'bits': 4, 'group_size': 32, 'sym': 'yes' | sym must be true or false",
                "'quant_method': 'awq', 'bits': 4 | the quantisation method 'awq' is not supported",
                "'bits': 4, 'group_size': 32, 'checkpoint_format': 'marlin' | only the forms gptq and gptq_v2",
                "'bits': 4, 'group_size': 32, 'is_marlin_format': true | only the forms gptq and gptq_v2",
                "'bits': 4, 'group_size': 32, 'dynamic': {'x': {}} | dynamic",
                "'quant_method': 'bitsandbytes' | neither config.json has a quantization_config",
            })
    void aConfiguration(String fields, String problem) {
        assertRefused(gptq(), config(fields.replace('\'', '"')), problem);
    }

    @Test
    void gptqTensors() {
        String good = config(FIELDS);
        assertRefused(gptq(), "{}", "quantize_config.json", QUERY + ".qweight");
        assertRefused(gptq().remove(QUERY + ".scales"), good, "lacks tensor '" + QUERY + ".scales'");
        assertRefused(gptq().remove(QUERY + ".qzeros"), good, "lacks tensor '" + QUERY + ".qzeros'");
        assertRefused(gptq().remove(QUERY + ".g_idx"), good, "desc_act", "has no g_idx");
        assertRefused(gptq().float32(WEIGHT, new double[4096], 64, 64), good, "are both there");
        assertRefused(gptq().float32(QUERY + ".qweight", new double[512], 8, 64), good, "has the type F32, not I32");
        assertRefused(gptq().int32(QUERY + ".qweight", new int[512], 512), good, "is none of a matrix");
        assertRefused(gptq().int32(QUERY + ".qweight", new int[0], 0, 64), good, "is none of a matrix");
        assertRefused(gptq().int32(QUERY + ".qweight", new int[1024], 16, 64), good, "groups of 32 of 128 inputs");
        assertRefused(
                gptq().int32(QUERY + ".qzeros", new int[16], 2, 8).int32(QUERY + ".g_idx", index(5), 64),
                good,
                "'" + QUERY + ".g_idx'",
                "puts input 63 into group 5, but there are 2 groups");
        assertRefused(gptq().int32(QUERY + ".g_idx", index(-1), 64), good, "into group -1");
        assertRefused(gptq().int32(QUERY + ".g_idx", new int[63], 63), good, "one group an input make it [64]");
        assertRefused(gptq().int32(QUERY + ".scales", new int[128], 2, 64), good, "is none of scales");
        assertRefused(gptq().int32(QUERY + ".qzeros", new int[18], 2, 9), good, "4-bit zero points make it [2, 8]");
        TinyFile bias = gptq().float16(QUERY + ".bias", new double[] {0, 1}, 2);
        assertRefused(bias, good, "'" + QUERY + ".bias' of shape [2]", "has no place");
    }

    private static int[] index(int last) {
        int[] index = new int[64];
        index[63] = last;
        return index;
    }

    @Test
    void bitsAndBytesTensors() {
        assertRefused(fourBit(false).remove(WEIGHT), "{}", "lacks tensor '" + WEIGHT + "'");
        assertRefused(fourBit(false).remove(WEIGHT + ".absmax"), "{}", "lacks tensor '" + WEIGHT + ".absmax'");
        assertRefused(fourBit(true).remove(WEIGHT + ".nested_quant_map"), "{}", ".nested_quant_map'");
        assertRefused(fourBit(true).remove(WEIGHT + ".nested_absmax"), "{}", "has the type U8, not F32");
        assertRefused(fourBit(false).raw(WEIGHT, ElementType.U8, new byte[2047], 2047), "{}", "2047 bytes", "2048");
        assertRefused(fourBit(false).float32(WEIGHT + ".absmax", new double[63], 63), "{}", "there are 64 blocks");
        assertRefused(
                fourBit(false).float32(WEIGHT + ".quant_map", new double[15], 15), "{}", "4-bit numbers make it [16]");
        assertRefused(fourBit(true).float32(WEIGHT + ".nested_absmax", new double[2], 2), "{}", "there are 1 blocks");
        assertRefused(fourBit(false).text(STATE, "[]"), "{}", "'" + STATE + "'", "no JSON object");
        assertRefused(fourBit(false).text(STATE, "{\"a\": "), "{}", "not valid JSON");
        assertRefused(fourBit(false).text(STATE, "{}"), "{}", "shape is missing");
        assertRefused(state("[64]", 64, "float16"), "{}", "two sizes");
        assertRefused(state("[64, 0]", 64, "float16"), "{}", "shape must be a list of whole numbers from 1");
        assertRefused(state("[4294967296, 64]", 64, "float16"), "{}", "shape must be");
        assertRefused(state("[16777216, 16777216]", 64, "float16"), "{}", "bytes, but");
        assertRefused(state("[64, 64]", 0, "float16"), "{}", "blocksize must be");
        assertRefused(state("[64, 64]", 64, "int8"), "{}", "dtype 'int8' is none of");
        assertRefused(state("[32, 128]", 64, "float16"), "{}", "[32, 128]", "config.json asks for [64, 64]");
        TinyFile kind = fourBit(false)
                .text(WEIGHT + ".quant_state.bitsandbytes__af4", "{}")
                .remove(STATE);
        assertRefused(kind, "{}", "the kind 'af4' is not supported; nf4 and fp4 are");
    }

    private TinyFile state(String shape, int block, String dtype) {
        return fourBit(false)
                .text(
                        STATE,
                        "{\"quant_type\": \"nf4\", \"shape\": " + shape + ", \"blocksize\": " + block
                                + ", \"dtype\": \"" + dtype + "\"}");
    }

    @Test
    void int8Tensors() {
        List<String> one = List.of(QUERY);
        TinyFile layout = TinyBitsAndBytes.eightBit(model, one, new Random(4));
        assertRefused(layout.raw(QUERY + ".weight_format", ElementType.U8, new byte[] {2}), "{}", "stored row by row");
        TinyFile scales =
                TinyBitsAndBytes.eightBit(model, one, new Random(4)).float32(QUERY + ".SCB", new double[63], 63);
        assertRefused(scales, "{}", "one scale a row make it [64]");
        TinyFile missing = TinyBitsAndBytes.eightBit(model, one, new Random(4)).remove(WEIGHT);
        assertRefused(missing, "{}", "lacks tensor '" + WEIGHT + "'");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void spoiledFilesAreRefusedOrWork(int seed) {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            TinyFile file = i % 3 == 0
                    ? gptq()
                    : i % 3 == 1
                            ? fourBit(i % 2 == 0)
                            : TinyBitsAndBytes.eightBit(model, List.of(QUERY), new Random(4));
            List<String> names =
                    file.names().stream().filter(name -> name.startsWith(QUERY)).toList();
            boolean configuration = i % 3 == 0 && random.nextBoolean();
            String config = configuration ? Refusals.spoiled("{" + FIELDS + "}", random) : "{" + FIELDS + "}";
            String what = configuration ? config : Refusals.spoil(file, names, random);
            Path written = model.write(
                    folder.resolve("model"), file, i % 3 == 0 ? "{\"quantization_config\": " + config + "}" : "{}");
            refused += Refusals.isRefusedOrWorks(() -> TinyModel.logits(written), what) ? 1 : 0;
        }
        assertThat(refused).isBetween(20, 59);
    }
}
