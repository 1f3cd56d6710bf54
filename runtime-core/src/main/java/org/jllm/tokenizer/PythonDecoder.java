package org.jllm.tokenizer;

/** Decoding as the Python classes do it ({@code _decode}), id by id. */
final class PythonDecoder implements Detokenizer {
    private final AddedVocabulary vocabulary;
    private final JoinStyle style;
    private final boolean skipSpecialTokens;
    private final Utf8Assembler.Invalid invalid;
    private final StringBuilder text = new StringBuilder();

    private JoinStyle.Run run;
    private boolean runHasTokens;
    /** White space that is part of the text only if something follows in this run. */
    private final StringBuilder heldSpace = new StringBuilder();

    private boolean runIsEmpty = true;
    private boolean first = true;

    private PythonDecoder(
            AddedVocabulary vocabulary, JoinStyle style, boolean skipSpecialTokens, Utf8Assembler.Invalid invalid) {
        this.vocabulary = vocabulary;
        this.style = style;
        this.skipSpecialTokens = skipSpecialTokens;
        this.invalid = invalid;
        run = style.start(invalid);
    }

    static PythonDecoder whole(AddedVocabulary vocabulary, JoinStyle style, boolean skipSpecialTokens) {
        return new PythonDecoder(vocabulary, style, skipSpecialTokens, style.invalid());
    }

    static Detokenizer stream(AddedVocabulary vocabulary, JoinStyle style) {
        return new PythonDecoder(vocabulary, style, true, Utf8Assembler.Invalid.DROP);
    }

    void add(int id) {
        String name = vocabulary.token(id);
        if (skipSpecialTokens && (vocabulary.special().ids().contains(id) || vocabulary.isSpecial(name))) {
            return;
        }
        if (style.joinsBare() ? vocabulary.isAddedName(name) : vocabulary.isApart(name)) {
            endRun();
            separate();
            text.append(name);
            return;
        }
        runHasTokens = true;
        StringBuilder more = new StringBuilder();
        run.add(id, name, vocabulary.isSpecial(name), more);
        addToRun(more);
    }

    void end(StringBuilder all) {
        // The last run counts even if its text is empty.
        boolean counts = runHasTokens;
        boolean empty = endRun();
        if (counts && empty) {
            separate();
        }
        all.append(text);
        text.setLength(0);
    }

    /** Whether the text of the run is empty. */
    private boolean endRun() {
        StringBuilder more = new StringBuilder();
        run.end(more);
        addToRun(more);
        boolean empty = runIsEmpty;
        run = style.start(invalid);
        runHasTokens = false;
        runIsEmpty = true;
        heldSpace.setLength(0);
        return empty;
    }

    private void addToRun(StringBuilder more) {
        if (more.length() == 0) {
            return;
        }
        if (!style.strips()) {
            startRun();
            text.append(more);
            return;
        }
        int start = 0;
        int end = more.length();
        while (runIsEmpty && start < end && PythonText.isSpace(more.charAt(start))) {
            start++;
        }
        while (end > start && PythonText.isSpace(more.charAt(end - 1))) {
            end--;
        }
        if (start < end) {
            startRun();
            text.append(heldSpace).append(more, start, end);
            heldSpace.setLength(0);
        }
        if (!runIsEmpty) {
            heldSpace.append(more, end, more.length());
        }
    }

    private void startRun() {
        if (runIsEmpty) {
            separate();
            runIsEmpty = false;
        }
    }

    private void separate() {
        if (!first && !style.joinsBare()) {
            text.append(' ');
        }
        first = false;
    }

    private String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }

    @Override
    public String next(int id) {
        add(id);
        return take();
    }

    @Override
    public String finish() {
        StringBuilder all = new StringBuilder();
        end(all);
        return all.toString();
    }
}
