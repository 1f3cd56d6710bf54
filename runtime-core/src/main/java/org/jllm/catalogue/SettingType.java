package org.jllm.catalogue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What the value of a setting is.
 *
 * @param expected says it in an error: {@code must be …}
 * @param parser of a value's text; empty if it is none
 */
record SettingType(String expected, Function<String, Optional<Object>> parser) {
    private static final Map<String, String> DTYPES = Map.ofEntries(
            Map.entry("auto", "auto"),
            Map.entry("float32", "float32"),
            Map.entry("fp32", "float32"),
            Map.entry("f32", "float32"),
            Map.entry("bfloat16", "bfloat16"),
            Map.entry("bf16", "bfloat16"),
            Map.entry("float16", "float16"),
            Map.entry("fp16", "float16"),
            Map.entry("f16", "float16"));
    private static final Pattern DEVICES = Pattern.compile("cpu|cuda:\\d{1,3}");
    private static final List<String> ENGINES = List.of("transformers", "gguf", "onnx");

    static final SettingType TEXT = new SettingType("a text", Optional::of);
    /** Kept as a list; a single text is a list of one. */
    static final SettingType TEXTS = new SettingType("a text or a list of texts", text -> Optional.of(List.of(text)));

    static final SettingType NUMBER = new SettingType(
            "a number",
            number(Double::valueOf).andThen(value -> value.filter(number -> Double.isFinite((Double) number))));
    static final SettingType INTEGER = new SettingType("a whole number", number(Integer::valueOf));
    static final SettingType LONG = new SettingType("a whole number", number(Long::valueOf));
    static final SettingType BYTES = new SettingType(
            "a number of bytes such as 4GiB", text -> ByteSize.parse(text).map(bytes -> bytes));
    static final SettingType ENGINE = new SettingType(
            "transformers, gguf or onnx", text -> Optional.<Object>of(text).filter(ENGINES::contains));
    static final SettingType DEVICE = new SettingType(
            "cpu or cuda:N",
            text -> Optional.<Object>of(text)
                    .filter(value -> DEVICES.matcher(text).matches()));
    static final SettingType DTYPE = new SettingType(
            "float32, bfloat16, float16 or auto",
            text -> Optional.ofNullable(DTYPES.get(text.toLowerCase(Locale.ROOT))));

    private static Function<String, Optional<Object>> number(Function<String, Object> parser) {
        return text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        };
    }
}
