package org.jllm.cli;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.EmbeddingResult;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.corpus.TextRecord;
import org.jllm.corpus.TextSource;
import org.jllm.corpus.VectorWriter;

/** Texts of a corpus to vectors: what is wrong with some of them is told and counted. For use once, by one thread. */
final class EmbeddingRun {
    private static final long FLUSH_NANOS = 1_000_000_000;
    /** Bad texts that are told one by one. */
    private static final int MOST_TOLD = 100;

    private final Console console;
    private final EmbeddingModel model;
    private final EmbeddingOptions options;
    private final boolean strict;
    private final EmbedProgress progress;
    /** Lines of the texts that were read and have no outcome yet. */
    private final Deque<Long> lines = new ArrayDeque<>();

    private long failed;
    private long truncated;
    private long firstTruncated;
    private long flushed = System.nanoTime();

    EmbeddingRun(
            Console console, EmbeddingModel model, EmbeddingOptions options, boolean strict, EmbedProgress progress) {
        this.console = console;
        this.model = model;
        this.options = options;
        this.strict = strict;
        this.progress = progress;
    }

    /** Where vectors go. */
    interface Output {
        VectorWriter begin() throws IOException;
    }

    /** Hands the texts on to the model; what is wrong with a record is the failure of its text. */
    private final class Feed implements Iterator<EmbeddingInput> {
        private final Iterator<TextRecord> records;

        Feed(Iterator<TextRecord> records) {
            this.records = records;
        }

        @Override
        public boolean hasNext() {
            return records.hasNext();
        }

        @Override
        public EmbeddingInput next() {
            TextRecord record = records.next();
            lines.add(record.line());
            if (record.text() == null) {
                throw new InvalidRequestException(Objects.requireNonNull(record.problem()));
            }
            return new EmbeddingInput.Text(record.text());
        }
    }

    /**
     * Writes a vector for each text.
     *
     * @param first index of the source's first text
     * @param open begins the output, once it is sure that the model takes the options
     * @return whether all went well
     */
    boolean write(TextSource source, long first, Output open) throws IOException {
        Iterator<? extends EmbeddingOutcome<? extends EmbeddingResult>> outcomes = outcomes(source);
        try (VectorWriter writer = open.begin()) {
            return write(source, first, outcomes, writer);
        }
    }

    private boolean write(
            TextSource source,
            long first,
            Iterator<? extends EmbeddingOutcome<? extends EmbeddingResult>> outcomes,
            VectorWriter writer)
            throws IOException {
        progress.begin(first, source.bytes());
        try {
            while (outcomes.hasNext()) {
                EmbeddingOutcome<? extends EmbeddingResult> outcome = outcomes.next();
                long line = lines.remove();
                if (!write(outcome, first + outcome.index(), line, writer)) {
                    return false;
                }
                progress.update(first + outcome.index() + 1, source.bytes());
                if (!flush(writer)) {
                    return false;
                }
            }
            writer.finish();
        } finally {
            progress.wipe();
        }
        summary();
        return failed == 0;
    }

    /** Writes the vector of each text as soon as the text is there. */
    boolean answer(TextSource source, Output open) throws IOException {
        boolean going = true;
        try (VectorWriter writer = open.begin()) {
            for (long index = 0; going && source.hasNext(); index++) {
                TextRecord record = source.next();
                going = write(outcomes(List.of(record).iterator()).next(), index, record.line(), writer);
                lines.clear();
                writer.flush();
            }
        }
        summary();
        return failed == 0;
    }

    private Iterator<? extends EmbeddingOutcome<? extends EmbeddingResult>> outcomes(Iterator<TextRecord> records) {
        Feed feed = new Feed(records);
        return model.lateInteraction() ? model.embedAllTokens(feed, options) : model.embedAll(feed, options);
    }

    /** @return whether to go on */
    private boolean write(
            EmbeddingOutcome<? extends EmbeddingResult> outcome, long index, long line, VectorWriter writer)
            throws IOException {
        EmbeddingResult result = outcome.result();
        if (result == null) {
            fail(line, Objects.requireNonNull(outcome.error()));
            if (strict) {
                writer.flush();
                return false;
            }
            writer.skip(index);
            return true;
        }
        if (result.truncated() && truncated++ == 0) {
            firstTruncated = line;
        }
        writer.write(index, result);
        return true;
    }

    /** @return whether somebody still reads the output */
    private boolean flush(VectorWriter writer) throws IOException {
        if (System.nanoTime() - flushed < FLUSH_NANOS) {
            return true;
        }
        writer.flush();
        flushed = System.nanoTime();
        return !console.out().checkError();
    }

    private void fail(long line, JllmException error) {
        progress.wipe();
        if (++failed <= MOST_TOLD) {
            console.error("line " + line + ": " + error.getMessage());
        } else if (failed == MOST_TOLD + 1) {
            console.error("more lines are wrong; their number is told at the end");
        }
    }

    private void summary() {
        if (truncated > 0) {
            console.note("warning: " + texts(truncated) + " longer than " + model.maxTokens()
                    + " tokens, cut to that; the first is line " + firstTruncated);
        }
        if (failed > 0) {
            console.error(texts(failed) + " without a vector");
        }
    }

    private static String texts(long count) {
        return count == 1 ? "1 text is" : count + " texts are";
    }
}
