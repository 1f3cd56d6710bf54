package org.jllm.corpus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jllm.api.InvalidRequestException;

/** Columns of CSV. */
final class CsvSource extends LookAhead {
    private final ByteLines lines;
    private final CsvRecords records;
    private final List<String> columns;
    private final List<Integer> places = new ArrayList<>();

    CsvSource(ByteLines lines, List<String> columns) {
        this.lines = lines;
        this.columns = List.copyOf(columns);
        records = new CsvRecords(lines);
    }

    @Override
    Optional<TextRecord> read() {
        if (places.isEmpty()) {
            readHeader();
        }
        return records.next().map(this::texts);
    }

    /** @throws InvalidRequestException if a column is not there */
    private void readHeader() {
        CsvRecords.Fields header = records.next()
                .orElseThrow(() -> new InvalidRequestException("the CSV is empty: its first line names the columns"));
        if (header.problem() != null) {
            throw new InvalidRequestException(
                    "line " + header.line() + ", which names the columns, " + header.problem());
        }
        for (String column : columns) {
            int place = header.values().indexOf(column);
            if (place < 0) {
                throw new InvalidRequestException(
                        "there is no column '" + column + "'; there are: " + String.join(", ", header.values()));
            }
            places.add(place);
        }
    }

    private TextRecord texts(CsvRecords.Fields fields) {
        if (fields.problem() != null) {
            return TextRecord.broken(fields.line(), fields.problem());
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int place = places.get(i);
            if (place >= fields.values().size()) {
                return TextRecord.broken(
                        fields.line(),
                        "has " + fields.values().size() + " columns, and '" + columns.get(i) + "' is the " + (place + 1)
                                + ". one");
            }
            texts.add(fields.values().get(place));
        }
        return TextRecord.of(fields.line(), String.join(" ", texts));
    }

    @Override
    public long bytes() {
        return lines.bytes();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
