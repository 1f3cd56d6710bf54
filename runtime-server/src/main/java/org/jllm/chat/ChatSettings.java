package org.jllm.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidSettingException;
import org.jllm.catalogue.NearNames;
import org.jllm.catalogue.Settings;

/** The settings of a chat that the user has given, by flags first and then by {@code /set}. For use by one thread. */
public final class ChatSettings {
    private static final String STOP = "stop";
    private static final String DEFAULT = "default";

    private final Map<String, String> given;
    private List<String> stop;

    /**
     * The settings to begin with.
     *
     * @param given key ({@code top_k}) to the text of its value, all but {@code stop}
     * @param stop strings that end an answer
     * @throws InvalidSettingException if a key is unknown or a value out of range
     */
    public ChatSettings(Map<String, String> given, List<String> stop) {
        this.given = new TreeMap<>(given);
        this.stop = List.copyOf(stop);
        options();
    }

    static List<String> keys() {
        return List.copyOf(new TreeSet<>(Settings.generationKeys()));
    }

    GenerationOptions options() {
        GenerationOptions stops = new GenerationOptions(
                null, null, null, null, null, null, null, null, null, null, stop.isEmpty() ? null : stop);
        return stops.orElse(parse(given));
    }

    /**
     * Gives a setting a value, or takes it away for the value {@code default}.
     *
     * @throws InvalidSettingException if there is no such setting or the value is out of range
     */
    void set(String name, String value) {
        String key = name.toLowerCase(Locale.ROOT).replace('-', '_');
        if (!keys().contains(key)) {
            String question = NearNames.question(key, keys());
            throw new InvalidSettingException("there is no setting '" + name + "'"
                    + (question.isEmpty() ? "; there are " + String.join(", ", keys()) : question));
        }
        boolean unset = value.equals(DEFAULT);
        if (!unset) {
            parse(Map.of(key, value));
        }
        if (key.equals(STOP)) {
            stop = unset ? List.of() : List.of(value);
        } else if (unset) {
            given.remove(key);
        } else {
            given.put(key, value);
        }
    }

    private static GenerationOptions parse(Map<String, String> texts) {
        return Settings.ofFlags(texts, "/set ").generation();
    }

    /** A line for each setting that is given. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        given.forEach((key, value) -> lines.add(key + " " + value));
        stop.forEach(text -> lines.add(STOP + " " + text));
        return lines;
    }
}
