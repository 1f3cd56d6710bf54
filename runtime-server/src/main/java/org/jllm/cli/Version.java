package org.jllm.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The version of the program, from its jar. */
final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"jllm " + number()};
    }

    static String number() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
