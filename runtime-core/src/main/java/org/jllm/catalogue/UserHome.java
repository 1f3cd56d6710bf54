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
}
