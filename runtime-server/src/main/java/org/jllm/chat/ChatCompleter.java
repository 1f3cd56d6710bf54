package org.jllm.chat;

import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands and the keys of {@code /set}. */
final class ChatCompleter implements Completer {
    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String command = line.words().get(0);
        if (!command.startsWith("/")) {
            return;
        }
        if (line.wordIndex() == 0) {
            ChatCommands.names().forEach(name -> candidates.add(new Candidate(name)));
        } else if (line.wordIndex() == 1 && command.equals("/set")) {
            ChatSettings.keys().forEach(key -> candidates.add(new Candidate(key)));
        }
    }
}
