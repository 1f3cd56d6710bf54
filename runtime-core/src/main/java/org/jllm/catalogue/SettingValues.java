package org.jllm.catalogue;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.api.WordOptions;
import org.jspecify.annotations.Nullable;

/** Collects the values of one layer of settings; each is checked when it comes. */
final class SettingValues {
    private final Map<SettingKey, Object> values = new EnumMap<>(SettingKey.class);

    /**
     * Takes a value as it is written.
     *
     * @param where the value stands, for errors
     */
    void put(SettingKey key, String text, String where) {
        Object value = key.type()
                .parse(text)
                .orElseThrow(() -> new InvalidSettingException(where + ": " + key.key() + " must be "
                        + key.type().expected() + ", not " + ErrorText.quoted(text)));
        put(key, value, where);
    }

    /** Takes the values of a mapping in YAML. */
    void putAll(YamlNode mapping, String what, Set<String> known) {
        mapping.fields(what, known).forEach((name, node) -> {
            SettingKey key = SettingKey.of(name).orElseThrow();
            SettingType type = key.type();
            if (type == SettingType.TEXTS && node.isList()) {
                put(key, node.strings(name), node.where());
            } else if (type == SettingType.TEXT || type == SettingType.TEXTS) {
                put(key, node.string(name), node.where());
            } else if (type == SettingType.SECRET) {
                put(key, node.scalar(name, type.expected()), node.where());
            } else if (node.isQuoted()) {
                throw node.error(name + " must be " + type.expected() + ", without quotes");
            } else {
                put(key, node.scalar(name, type.expected()), node.where());
            }
        });
    }

    private void put(SettingKey key, Object value, String where) {
        SettingValues alone = new SettingValues();
        alone.values.put(key, value);
        try {
            alone.settings();
        } catch (InvalidRequestException e) {
            throw new InvalidSettingException(where + ": " + e.getMessage(), e);
        }
        values.put(key, value);
    }

    Settings settings() {
        return new Settings(
                new GenerationOptions(
                        get(SettingKey.TEMPERATURE),
                        get(SettingKey.TOP_K),
                        get(SettingKey.TOP_P),
                        get(SettingKey.MIN_P),
                        get(SettingKey.REPEAT_PENALTY),
                        get(SettingKey.PRESENCE_PENALTY),
                        get(SettingKey.FREQUENCY_PENALTY),
                        null,
                        get(SettingKey.SEED),
                        get(SettingKey.MAX_TOKENS),
                        this.<List<String>>get(SettingKey.STOP)),
                new LoadOptions(
                        get(SettingKey.ENGINE),
                        get(SettingKey.DEVICE),
                        get(SettingKey.DTYPE),
                        get(SettingKey.QUANTIZE),
                        get(SettingKey.THREADS),
                        get(SettingKey.CONTEXT),
                        get(SettingKey.CACHE_BYTES),
                        get(SettingKey.PACK_BYTES),
                        get(SettingKey.CHAT_TEMPLATE),
                        get(SettingKey.GPU_LAYERS),
                        get(SettingKey.MLOCK),
                        get(SettingKey.IGNORE_MEMORY),
                        get(SettingKey.PROMPT_LOOKUP),
                        adapters(get(SettingKey.LORA)),
                        get(SettingKey.BASE),
                        new WordOptions(
                                get(SettingKey.MECAB_DICTIONARY),
                                this.<List<String>>get(SettingKey.MECAB_USER_DICTIONARY),
                                get(SettingKey.SUDACHI_DICTIONARY),
                                get(SettingKey.SUDACHI_MODE),
                                get(SettingKey.PRE_SEGMENTED))),
                get(SettingKey.SYSTEM),
                get(SettingKey.CATALOGUE),
                new HubOptions(get(SettingKey.HUB_ENDPOINT), get(SettingKey.HUB_TOKEN), get(SettingKey.OFFLINE)));
    }

    private static @Nullable List<LoraAdapter> adapters(@Nullable List<String> texts) {
        return texts == null ? null : texts.stream().map(LoraAdapter::parse).toList();
    }

    /** The type of a key's value is what its {@link SettingType} makes. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private <T> @Nullable T get(SettingKey key) {
        return (T) values.get(key);
    }
}
