package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jllm.cli.CommandLines.Outcome;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/** Only the command that is run is read. */
class SubcommandsTest {
    @Test
    void namesAreThoseOfTheCommands() {
        assertThat(Subcommands.all())
                .isNotEmpty()
                .allSatisfy((name, type) ->
                        assertThat(type.getAnnotation(Command.class).name()).isEqualTo(name));
    }

    @Test
    void theNamedCommandIsEnough() {
        assertThat(Subcommands.wanted("run", "demo")).containsOnlyKeys("run");
        assertThat(Subcommands.wanted("--debug", "embed", "run")).containsOnlyKeys("embed");
        assertThat(Subcommands.wanted("--debug", "serve", "--help")).containsOnlyKeys("serve");
    }

    @Test
    void withoutOneAllAreThere() {
        assertThat(Subcommands.wanted()).isEqualTo(Subcommands.all());
        assertThat(Subcommands.wanted("--help")).isEqualTo(Subcommands.all());
        assertThat(Subcommands.wanted("nonsense", "run")).isEqualTo(Subcommands.all());
        assertThat(Subcommands.wanted("@arguments", "run")).isEqualTo(Subcommands.all());
        assertThat(Subcommands.wanted("--", "run")).isEqualTo(Subcommands.all());
        assertThat(Subcommands.wanted("--help", "run")).isEqualTo(Subcommands.all());
    }

    @Test
    void theHelpShowsAllInTheirOrder() {
        Outcome help = CommandLines.run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .containsSubsequence(Subcommands.all().keySet().stream()
                        .map(name -> "  " + name + " ")
                        .toList());
        assertThat(CommandLines.run("--help", "run").out()).isEqualTo(help.out());
        assertThat(CommandLines.run("rnu", "demo").err()).contains("'rnu'");
    }

    @Test
    void aCommandHasTheFlagsOfAll() {
        Outcome help = CommandLines.run("run", "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).startsWith("Usage: jllm run ").contains("--debug", "--version");
        assertThat(CommandLines.run("cache", "prune", "--help").out()).startsWith("Usage: jllm cache prune ");
        assertThat(CommandLines.run("list", "--version").out()).startsWith("jllm ");
    }
}
