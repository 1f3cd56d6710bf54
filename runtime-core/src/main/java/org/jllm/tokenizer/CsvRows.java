package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** The rows of a CSV text as Python's {@code csv.reader} gives them. Not safe for use by several threads. */
final class CsvRows {
    private final List<List<String>> rows = new ArrayList<>();
    private List<String> row = new ArrayList<>();
    private final StringBuilder field = new StringBuilder();
    private boolean atFieldStart = true;

    private CsvRows() {}

    /** An empty line is a row without fields. */
    static List<List<String>> of(String text) {
        CsvRows rows = new CsvRows();
        rows.read(text.replace("\r\n", "\n").replace('\r', '\n'));
        return rows.rows;
    }

    private void read(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                boolean twice = c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
                i += twice ? 1 : 0;
                quoted = c != '"' || twice;
                if (quoted) {
                    field.append(c);
                }
            } else if (c == '"' && atFieldStart) {
                quoted = true;
                atFieldStart = false;
            } else if (c == ',') {
                endField();
            } else if (c == '\n') {
                endRow();
            } else {
                field.append(c);
                atFieldStart = false;
            }
        }
        if (!atFieldStart || !row.isEmpty()) {
            endRow();
        }
    }

    private void endField() {
        row.add(field.toString());
        field.setLength(0);
        atFieldStart = true;
    }

    private void endRow() {
        if (!atFieldStart || !row.isEmpty()) {
            endField();
        }
        rows.add(row);
        row = new ArrayList<>();
    }
}
