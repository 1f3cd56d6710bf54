package org.jllm.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jllm.api.InvalidSettingException;
import org.jllm.catalogue.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Flags that are settings too: their values are checked by the same rules. */
abstract class Flags {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    private final Map<String, String> given = new LinkedHashMap<>();

    /** Puts every flag under the key of its setting. */
    abstract void collect();

    final void put(String key, @Nullable String value) {
        if (value != null) {
            given.put(key, value);
        }
    }

    /** The settings that are given, as texts by their keys. */
    final Map<String, String> texts() {
        collect();
        return Map.copyOf(given);
    }

    /** The settings that the flags give. */
    final Settings settings() {
        collect();
        try {
            return Settings.ofFlags(given, "--");
        } catch (InvalidSettingException e) {
            throw usageError(e.getMessage());
        }
    }

    final ParameterException usageError(@Nullable String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), String.valueOf(message));
    }
}
