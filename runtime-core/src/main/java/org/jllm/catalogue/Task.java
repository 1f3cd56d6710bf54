package org.jllm.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a model can be used for. */
public enum Task {
    CHAT("answers messages or instructions"),
    COMPLETION("continues a text"),
    EMBEDDING("turns texts into vectors"),
    FILL_MASK("fills gaps in a text"),
    TOKEN_DETECTION("finds replaced tokens"),
    SEQ2SEQ("rewrites a text, after fine-tuning"),
    SPEECH_TO_TEXT("writes down speech"),
    SPEECH_EMBEDDING("turns speech into vectors"),
    IMAGE_TO_TEXT("answers questions on an image"),
    IMAGE_TEXT_EMBEDDING("compares images with texts"),
    TEXT_TO_IMAGE("draws an image from a text");

    private final String label;

    Task(String label) {
        this.label = label;
    }

    /** As the catalogue and flags write it: {@code fill-mask}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it means, in a few words. */
    public String label() {
        return label;
    }

    /** The task of this key, whatever its case. */
    public static Optional<Task> of(String key) {
        return Arrays.stream(values())
                .filter(task -> task.key().equalsIgnoreCase(key))
                .findAny();
    }

    /** The keys of all tasks. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Task::key).toList();
    }

    @Override
    public String toString() {
        return key();
    }
}
