package org.jllm.cli;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Which flags go together.
 *
 * @param command whose command line is parsed
 */
record FlagRules(CommandLine command) {
    /** Flags of every command. */
    private static final Set<String> COMMON = Set.of("--debug", "--help", "--version");

    /** Refuses all flags but some. */
    void allow(Set<String> allowed, String reason) {
        refuse(
                given().stream()
                        .filter(flag -> !allowed.contains(flag) && !COMMON.contains(flag))
                        .toList(),
                reason);
    }

    /** Refuses some flags. */
    void forbid(Collection<String> forbidden, String reason) {
        refuse(given().stream().filter(forbidden::contains).toList(), reason);
    }

    /** @param message of the error; {@code %s} stands for the flags that were given and are refused */
    private void refuse(List<String> flags, String message) {
        if (!flags.isEmpty()) {
            throw error(message.replace("%s", String.join(", ", flags)));
        }
    }

    private List<String> given() {
        return command.getParseResult().matchedOptionsSet().stream()
                .map(OptionSpec::longestName)
                .sorted()
                .toList();
    }

    ParameterException error(String message) {
        return new ParameterException(command, message);
    }
}
