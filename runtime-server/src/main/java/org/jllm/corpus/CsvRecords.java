package org.jllm.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.jspecify.annotations.Nullable;

/**
 * Records of CSV. One whose quotes do not end, or are followed by something else, costs its first line and no more: reading
 * goes on with the next.
 */
final class CsvRecords {
    /** Where a quoted text has not ended by then, its quote is taken for a mistake. */
    private static final int MOST_LINES = 10_000;

    private static final int MOST_CHARACTERS = 16 << 20;

    private final ByteLines lines;
    /** Lines that were read in search of the end of a record, but belong to the next. */
    private final Deque<TextRecord> ahead = new ArrayDeque<>();

    /**
     * The fields of a record.
     *
     * @param problem null if it could be read
     */
    record Fields(long line, List<String> values, @Nullable String problem) {}

    CsvRecords(ByteLines lines) {
        this.lines = lines;
    }

    /** The next record; empty at the end. Lines without anything are passed over. */
    Optional<Fields> next() {
        Optional<TextRecord> first = line();
        while (first.isPresent()
                && first.get().text() != null
                && first.get().text().isEmpty()) {
            first = line();
        }
        return first.map(this::record);
    }

    private Optional<TextRecord> line() {
        return ahead.isEmpty() ? lines.next() : Optional.of(ahead.remove());
    }

    private Fields record(TextRecord first) {
        if (first.text() == null) {
            return new Fields(first.line(), List.of(), first.problem());
        }
        StringBuilder text = new StringBuilder(first.text());
        long quotes = quotes(first.text());
        List<TextRecord> taken = new ArrayList<>();
        String problem = "has a quote that does not end";
        Optional<TextRecord> next = Optional.of(first);
        while (next.isPresent() && taken.size() < MOST_LINES && text.length() < MOST_CHARACTERS) {
            if (taken.isEmpty() || quotes % 2 == 0) {
                Parsed parsed = parse(text.toString());
                if (parsed.values != null) {
                    return new Fields(first.line(), parsed.values, null);
                }
                if (!parsed.unfinished) {
                    problem = "is no CSV: something stands between a quote and the comma";
                    break;
                }
            }
            next = line();
            if (next.isPresent()) {
                taken.add(next.get());
                String more = next.get().text();
                if (more == null) {
                    break;
                }
                text.append('\n').append(more);
                quotes += quotes(more);
            }
        }
        for (int i = taken.size() - 1; i >= 0; i--) {
            ahead.addFirst(taken.get(i));
        }
        return new Fields(first.line(), List.of(), problem);
    }

    private static long quotes(String text) {
        return text.chars().filter(character -> character == '"').count();
    }

    /** @param unfinished whether a quoted text goes on behind the end */
    private record Parsed(@Nullable List<String> values, boolean unfinished) {}

    private static Parsed parse(String text) {
        try (CSVParser parser = CSVParser.parse(text, CSVFormat.RFC4180)) {
            return new Parsed(parser.iterator().next().toList(), false);
        } catch (IOException | UncheckedIOException e) {
            return new Parsed(null, Objects.toString(e.getMessage(), "").contains("EOF reached"));
        }
    }
}
