package org.jllm.chat;

import java.util.ArrayList;
import java.util.List;

/** Remembers what was shown. */
final class RecordedView implements ChatView {
    final StringBuilder text = new StringBuilder();
    final List<String> statuses = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    final List<String> errors = new ArrayList<>();
    Runnable onText = () -> {};

    @Override
    public boolean text(String part) {
        text.append(part);
        onText.run();
        return true;
    }

    @Override
    public void answered(String status) {
        statuses.add(status);
        text.append('|');
    }

    @Override
    public void note(String message) {
        notes.add(message);
    }

    @Override
    public void error(String message) {
        errors.add(message);
    }

    String lastNote() {
        return notes.get(notes.size() - 1);
    }

    String lastError() {
        return errors.get(errors.size() - 1);
    }
}
