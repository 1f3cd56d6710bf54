package org.jllm.chat;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jllm.api.InvalidRequestException;
import org.jllm.catalogue.NearNames;
import org.jllm.catalogue.UserHome;

/** What a user can type beside messages. */
final class ChatCommands {
    private final ChatSession session;

    enum Command {
        HELP("", "this list"),
        CLEAR("", "forget what was said"),
        SYSTEM("[TEXT]", "set the system message and begin anew; \"\" removes it; without TEXT: show it"),
        SET("[KEY VALUE]", "set how answers are generated; VALUE 'default' unsets; alone: show what is set"),
        SAVE("FILE", "write the conversation to a JSON file"),
        LOAD("FILE", "go on with the conversation of such a file"),
        EXIT("", "end; so do /quit, /bye and Ctrl-D");

        private final String arguments;
        private final String description;

        Command(String arguments, String description) {
            this.arguments = arguments;
            this.description = description;
        }

        String typed() {
            return "/" + name().toLowerCase(Locale.ROOT);
        }

        static Optional<Command> of(String typed) {
            if (typed.equals("/quit") || typed.equals("/bye")) {
                return Optional.of(EXIT);
            }
            return Arrays.stream(values())
                    .filter(command -> command.typed().equals(typed))
                    .findAny();
        }
    }

    ChatCommands(ChatSession session) {
        this.session = session;
    }

    static List<String> names() {
        return Arrays.stream(Command.values()).map(Command::typed).toList();
    }

    /**
     * Carries out a line that begins with a slash.
     *
     * @return whether the chat goes on
     */
    boolean obey(String line) {
        String[] parts = line.strip().split("\\s+", 2);
        String argument = parts.length > 1 ? parts[1] : "";
        Command command = Command.of(parts[0]).orElseThrow(() -> unknown(parts[0]));
        if (command.arguments.isEmpty() && !argument.isEmpty()) {
            throw new InvalidRequestException(parts[0] + " takes no argument, not '" + argument + "'");
        }
        switch (command) {
            case HELP -> session.view().note(help());
            case CLEAR -> {
                session.setConversation(session.conversation().restarted());
                session.view().note("forgotten; the system message and the settings stay");
            }
            case SYSTEM -> system(argument);
            case SET -> set(argument);
            case SAVE -> {
                Path file = file(command, argument);
                new ConversationFile(file).write(session.conversation());
                session.view().note("saved to " + file);
            }
            case LOAD -> load(file(command, argument));
            case EXIT -> {
                return false;
            }
        }
        return true;
    }

    private static InvalidRequestException unknown(String typed) {
        String question = NearNames.question(typed, names());
        return new InvalidRequestException("there is no command " + typed
                + (question.isEmpty() ? "; /help lists them" : question) + " (a message begins with // for /)");
    }

    private static String help() {
        List<String> lines = new ArrayList<>();
        for (Command command : Command.values()) {
            String form = (command.typed() + " " + command.arguments).strip();
            lines.add(String.format("%-18s %s", form, command.description));
        }
        lines.add("settings: " + String.join(", ", ChatSettings.keys()));
        lines.add("A message goes on after a line that ends in \\, and between \"\"\" and \"\"\"; //… sends /….");
        lines.add("Ctrl-C stops an answer; Ctrl-D ends the chat.");
        return String.join("\n", lines);
    }

    private void system(String text) {
        Conversation conversation = session.conversation();
        if (text.isEmpty()) {
            String system = conversation.system();
            session.view().note(system == null ? "there is no system message" : system);
            return;
        }
        boolean removed = text.equals("\"\"");
        session.setConversation(Conversation.of(removed ? null : text));
        session.view()
                .note("the system message is " + (removed ? "removed" : "set") + "; the conversation begins anew");
    }

    private void set(String argument) {
        String[] parts = argument.split("\\s+", 2);
        if (parts.length == 2) {
            session.settings().set(parts[0], parts[1]);
        } else if (argument.isEmpty()) {
            List<String> lines = session.settings().lines();
            session.view().note(lines.isEmpty() ? "nothing is set" : String.join("\n", lines));
        } else {
            throw new InvalidRequestException("/set " + argument + " needs a value; 'default' unsets it");
        }
    }

    private void load(Path file) {
        session.conversation(); // a base model has none
        Conversation loaded = new ConversationFile(file).read();
        session.setConversation(loaded);
        session.view().note("loaded " + loaded.messages().size() + " messages");
    }

    private static Path file(Command command, String name) {
        if (name.isEmpty()) {
            throw new InvalidRequestException(command.typed() + " needs a FILE");
        }
        try {
            return name.startsWith("~/") ? UserHome.of(System.getenv()).resolve(name.substring(2)) : Path.of(name);
        } catch (InvalidPathException e) {
            throw new InvalidRequestException("'" + name + "' is no name of a file: " + e.getReason(), e);
        }
    }
}
