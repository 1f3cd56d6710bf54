package org.jllm.catalogue;

import java.util.Arrays;
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
    THREADS(Group.LOAD, SettingType.INTEGER),
    CONTEXT(Group.LOAD, SettingType.INTEGER),
    CACHE_BYTES(Group.LOAD, SettingType.BYTES),
    CHAT_TEMPLATE(Group.LOAD, SettingType.TEXT),
    GPU_LAYERS(Group.LOAD, SettingType.INTEGER),
    MLOCK(Group.LOAD, SettingType.FLAG),
    LORA(Group.LOAD, SettingType.TEXTS),
    MECAB_DICTIONARY(Group.LOAD, SettingType.TEXT),
    MECAB_USER_DICTIONARY(Group.LOAD, SettingType.TEXTS),
    SUDACHI_DICTIONARY(Group.LOAD, SettingType.TEXT),
    SUDACHI_MODE(Group.LOAD, SettingType.TEXT),
    PRE_SEGMENTED(Group.LOAD, SettingType.FLAG),
    SYSTEM(Group.PROMPT, SettingType.TEXT),
    CATALOGUE(Group.MODELS, SettingType.TEXT);

    private final Group group;
    private final SettingType type;

    /** What a setting is about; a catalogue entry writes the first two under these names. */
    enum Group {
        GENERATION,
        LOAD,
        PROMPT,
        MODELS
    }

    SettingKey(Group group, SettingType type) {
        this.group = group;
        this.type = type;
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
