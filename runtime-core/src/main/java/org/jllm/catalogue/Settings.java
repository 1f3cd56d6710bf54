package org.jllm.catalogue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.LoadOptions;
import org.jspecify.annotations.Nullable;

/**
 * A layer of settings. What it does not say, the next layer decides: request or flag, then the environment, then the
 * user's {@code config.yaml}, then the catalogue entry, then the model's {@code generation_config.json}, then the default.
 *
 * @param system message to begin every chat with; null: not said here
 * @param catalogue a file of models that stands over all other catalogues; null: none
 * @param hub how models are downloaded
 */
public record Settings(
        GenerationOptions generation,
        LoadOptions load,
        @Nullable String system,
        @Nullable String catalogue,
        HubOptions hub) {
    private static final Settings NONE =
            new Settings(GenerationOptions.none(), LoadOptions.none(), null, null, HubOptions.none());
    /** What {@code huggingface_hub} takes for yes. */
    private static final Set<String> YES = Set.of("1", "on", "yes", "true");

    private static final String PREFIX = "JLLM_";
    private static final String CONFIG = "JLLM_CONFIG";
    /** Variables that are read elsewhere. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of(CONFIG, "JLLM_API_KEY", "JLLM_CACHE", "JLLM_JAVA_OPTIONS", "JLLM_LLAMA_LIBRARY_PATH");

    /** Settings that say nothing. */
    public static Settings none() {
        return NONE;
    }

    /**
     * The layers of the environment and of the user's {@code config.yaml}: the file that {@code JLLM_CONFIG} names, else
     * {@code $XDG_CONFIG_HOME/jllm/config.yaml}, else {@code ~/.config/jllm/config.yaml}; a missing file says nothing.
     *
     * @throws InvalidSettingException if a key, a variable or a value is not known; names the place
     */
    public static Settings ofUser() {
        Map<String, String> environment = System.getenv();
        return of(environment, configuration(environment, UserHome.of(environment)));
    }

    static Path configuration(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault(CONFIG, "");
        if (!own.isEmpty()) {
            Path file = Path.of(own);
            if (!Files.exists(file)) {
                throw new InvalidSettingException(CONFIG + " names " + own + ", which does not exist");
            }
            return file;
        }
        return UserHome.configuration(environment, home).resolve("config.yaml");
    }

    /**
     * The layer of these variables ({@code JLLM_TOP_K=40}, …; of {@code huggingface_hub} {@code HF_TOKEN}, {@code HF_ENDPOINT}
     * and {@code HF_HUB_OFFLINE}) over that of the file, which may be missing.
     */
    public static Settings of(Map<String, String> environment, Path configuration) {
        Settings variables = ofEnvironment(environment);
        return Files.exists(configuration) ? variables.orElse(ofFile(configuration)) : variables;
    }

    private static Settings ofEnvironment(Map<String, String> environment) {
        Map<String, SettingKey> known = new TreeMap<>();
        for (SettingKey key : SettingKey.values()) {
            known.put(PREFIX + key.name(), key);
        }
        SettingValues values = new SettingValues();
        new TreeMap<>(environment).forEach((name, text) -> {
            SettingKey key = known.get(name);
            if (key != null && !text.isEmpty()) {
                values.put(key, text, name);
            } else if (key == null && name.startsWith(PREFIX) && !OTHER_VARIABLES.contains(name)) {
                throw unknownVariable(name, known.keySet());
            }
        });
        for (SettingKey key : SettingKey.values()) {
            if (environment.getOrDefault(PREFIX + key.name(), "").isEmpty()) {
                foreign(key, environment)
                        .ifPresent(
                                name -> values.put(key, foreignValue(key, environment.getOrDefault(name, "")), name));
            }
        }
        return values.settings();
    }

    private static Optional<String> foreign(SettingKey key, Map<String, String> environment) {
        return key.foreignVariables().stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .findFirst();
    }

    private static String foreignValue(SettingKey key, String text) {
        return key.type() == SettingType.FLAG ? String.valueOf(YES.contains(text.toLowerCase(Locale.ROOT))) : text;
    }

    private static InvalidSettingException unknownVariable(String name, Set<String> settings) {
        Set<String> known = new TreeSet<>(settings);
        known.addAll(OTHER_VARIABLES);
        String question = NearNames.question(name, known);
        return new InvalidSettingException("unknown environment variable " + name
                + (question.isEmpty() ? "; known are " + String.join(", ", known) : question));
    }

    private static Settings ofFile(Path file) {
        Optional<YamlNode> root = YamlNode.read(file);
        SettingValues values = new SettingValues();
        root.ifPresent(mapping -> values.putAll(mapping, "the configuration", SettingKey.keys()));
        return values.settings();
    }

    /**
     * The layer of values that are written as texts, such as those of flags.
     *
     * @param texts key ({@code top_k}) to the text of its value
     * @param prefix what stands before the key in errors, where its {@code _} is written {@code -}: {@code --}
     */
    public static Settings ofFlags(Map<String, String> texts, String prefix) {
        SettingValues values = new SettingValues();
        texts.forEach((key, text) -> {
            String flag = prefix + key.replace('_', '-');
            SettingKey known =
                    SettingKey.of(key).orElseThrow(() -> new InvalidSettingException("unknown setting " + flag));
            values.put(known, text, flag);
        });
        return values.settings();
    }

    /** The keys of the settings that say how a text is generated. */
    public static Set<String> generationKeys() {
        return SettingKey.keys(SettingKey.Group.GENERATION);
    }

    /** These settings, with what they do not say taken from {@code lower}. */
    public Settings orElse(Settings lower) {
        return new Settings(
                generation.orElse(lower.generation),
                load.orElse(lower.load),
                system != null ? system : lower.system,
                catalogue != null ? catalogue : lower.catalogue,
                hub.orElse(lower.hub));
    }
}
