package org.jllm.catalogue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jllm.api.LoadOptions;

/** What the value of a setting is. */
enum SettingType {
    TEXT("a text") {
        @Override
        Optional<Object> parse(String text) {
            return Optional.of(text);
        }
    },
    /** A text that no error shows. */
    SECRET("a text") {
        @Override
        Optional<Object> parse(String text) {
            return Optional.of(text.strip());
        }
    },
    /** Kept as a list; a single text is a list of one. */
    TEXTS("a text or a list of texts") {
        @Override
        Optional<Object> parse(String text) {
            return Optional.of(List.of(text));
        }
    },
    NUMBER("a number") {
        @Override
        Optional<Object> parse(String text) {
            return number(text, Double::valueOf).filter(value -> Double.isFinite((Double) value));
        }
    },
    INTEGER("a whole number") {
        @Override
        Optional<Object> parse(String text) {
            return number(text, Integer::valueOf);
        }
    },
    LONG("a whole number") {
        @Override
        Optional<Object> parse(String text) {
            return number(text, Long::valueOf);
        }
    },
    BYTES("a number of bytes such as 4GiB") {
        @Override
        Optional<Object> parse(String text) {
            return ByteSize.parse(text).map(bytes -> bytes);
        }
    },
    FLAG("true or false") {
        @Override
        Optional<Object> parse(String text) {
            return Optional.of(text)
                    .filter(word -> word.equals("true") || word.equals("false"))
                    .map(Boolean::valueOf);
        }
    },
    ENGINE("transformers, gguf or onnx") {
        @Override
        Optional<Object> parse(String text) {
            return Optional.<Object>of(text).filter(List.of("transformers", "gguf", "onnx")::contains);
        }
    },
    DEVICE("cpu, cuda:N, vulkan:N or metal") {
        @Override
        Optional<Object> parse(String text) {
            return DEVICES.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        }
    },
    DTYPE("float32, bfloat16, float16 or auto") {
        @Override
        Optional<Object> parse(String text) {
            return Optional.ofNullable(DTYPES.get(text.toLowerCase(Locale.ROOT)));
        }
    },
    QUANTIZE("none, fp16 or int8") {
        @Override
        Optional<Object> parse(String text) {
            return Optional.<Object>of(text).filter(List.of("none", "fp16", "int8")::contains);
        }
    },

    /** Kept as a number. */
    PROMPT_LOOKUP("auto, off or a whole number") {
        @Override
        Optional<Object> parse(String text) {
            return switch (text) {
                case "auto" -> Optional.of(LoadOptions.AUTO_PROMPT_LOOKUP);
                case "off" -> Optional.of(0);
                default -> INTEGER.parse(text);
            };
        }
    };

    private static final Pattern DEVICES = Pattern.compile("cpu|metal|(cuda|vulkan):\\d{1,3}");
    private static final Map<String, String> DTYPES = Map.of(
            "auto", "auto",
            "float32", "float32",
            "fp32", "float32",
            "f32", "float32",
            "bfloat16", "bfloat16",
            "bf16", "bfloat16",
            "float16", "float16",
            "fp16", "float16",
            "f16", "float16");

    private final String expected;

    SettingType(String expected) {
        this.expected = expected;
    }

    /** For an error: the value must be … */
    String expected() {
        return expected;
    }

    /** The value that a text means; empty if it is none of this type. */
    abstract Optional<Object> parse(String text);

    private static Optional<Object> number(String text, Function<String, Object> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
