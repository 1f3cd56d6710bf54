package org.jllm.catalogue;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;

/** The user's home folder. */
public final class UserHome {
    private UserHome() {}

    /** {@code HOME}, which containers set for users that the system does not know; else what Java finds. */
    public static Path of(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(new File(home).isAbsolute() ? home : System.getProperty("user.home", "."));
    }

    /** The folder of jllm's configuration: {@code $XDG_CONFIG_HOME/jllm}, else {@code ~/.config/jllm}. */
    static Path configuration(Map<String, String> environment, Path home) {
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path folder = new File(xdg).isAbsolute() ? Path.of(xdg) : home.resolve(".config");
        return folder.resolve("jllm");
    }
}
