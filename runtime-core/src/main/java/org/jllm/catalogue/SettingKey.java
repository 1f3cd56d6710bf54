package org.jllm.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Every setting that the environment, the user's configuration and the catalogue can give. */
enum SettingKey {
    TEMPERATURE(Group.GENERATION, SettingType.NUMBER),
    TOP_K(Group.GENERATION, SettingType.INTEGER),
    TOP_P(Group.GENERATION, SettingType.NUMBER),
    MIN_P(Group.GENERATION, SettingType.NUMBER),
    REPEAT_PENALTY(Group.GENERATION, SettingType.NUMBER),
    PRESENCE_PENALTY(Group.GENERATION, SettingType.NUMBER),
    FREQUENCY_PENALTY(Group.GENERATION, SettingType.NUMBER),
    SEED(Group.GENERATION, SettingType.LONG),
    MAX_TOKENS(Group.GENERATION, SettingType.INTEGER),
    STOP(Group.GENERATION, SettingType.TEXTS),
    ENGINE(Group.LOAD, SettingType.ENGINE),
    DEVICE(Group.LOAD, SettingType.DEVICE),
    DTYPE(Group.LOAD, SettingType.DTYPE),
    QUANTIZE(Group.LOAD, SettingType.QUANTIZE),
    THREADS(Group.LOAD, SettingType.INTEGER),
    CONTEXT(Group.LOAD, SettingType.INTEGER),
    CACHE_BYTES(Group.LOAD, SettingType.BYTES),
    PACK_BYTES(Group.LOAD, SettingType.BYTES),
    CHAT_TEMPLATE(Group.LOAD, SettingType.TEXT),
    GPU_LAYERS(Group.LOAD, SettingType.INTEGER),
    MLOCK(Group.LOAD, SettingType.FLAG),
    IGNORE_MEMORY(Group.LOAD, SettingType.FLAG),
    PROMPT_LOOKUP(Group.LOAD, SettingType.PROMPT_LOOKUP),
    LORA(Group.LOAD, SettingType.TEXTS),
    BASE(Group.LOAD, SettingType.TEXT),
    MECAB_DICTIONARY(Group.LOAD, SettingType.TEXT),
    MECAB_USER_DICTIONARY(Group.LOAD, SettingType.TEXTS),
    SUDACHI_DICTIONARY(Group.LOAD, SettingType.TEXT),
    SUDACHI_MODE(Group.LOAD, SettingType.TEXT),
    PRE_SEGMENTED(Group.LOAD, SettingType.FLAG),
    SYSTEM(Group.PROMPT, SettingType.TEXT),
    CATALOGUE(Group.MODELS, SettingType.TEXT),
    HUB_ENDPOINT(Group.HUB, SettingType.TEXT, "HF_ENDPOINT"),
    HUB_TOKEN(Group.HUB, SettingType.SECRET, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
    OFFLINE(Group.HUB, SettingType.FLAG, "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE");

    private final Group group;
    private final SettingType type;
    private final List<String> foreignVariables;

    /** What a setting is about; a catalogue entry writes the first two under these names. */
    enum Group {
        GENERATION,
        LOAD,
        PROMPT,
        MODELS,
        HUB
    }

    SettingKey(Group group, SettingType type, String... foreignVariables) {
        this.group = group;
        this.type = type;
        this.foreignVariables = List.of(foreignVariables);
    }

    /** Variables of {@code huggingface_hub} that say the same; they count where the own one is not set, the first first. */
    List<String> foreignVariables() {
        return foreignVariables;
    }

    SettingType type() {
        return type;
    }

    /** As configuration files write it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<SettingKey> of(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key().equals(key))
                .findAny();
    }

    static Set<String> keys() {
        return Arrays.stream(values()).map(SettingKey::key).collect(Collectors.toUnmodifiableSet());
    }

    static Set<String> keys(Group group) {
        return Arrays.stream(values())
                .filter(setting -> setting.group == group)
                .map(SettingKey::key)
                .collect(Collectors.toUnmodifiableSet());
    }
}
