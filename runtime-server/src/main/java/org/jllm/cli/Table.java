package org.jllm.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;

/** Rows in columns, which are as wide as their cells and no wider together than the terminal. */
final class Table {
    private static final String GAP = "  ";
    private static final String CUT = "…";
    private static final int NARROWEST = 8;

    private final List<String> names;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param names of the columns; where there is no room for all, the last ones are left out */
    Table(String... names) {
        this.names = List.of(names);
    }

    void add(String... cells) {
        if (cells.length != names.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + names.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /** Columns of a terminal that a text takes: Japanese characters take two. */
    static int width(String text) {
        return new AttributedString(text).columnLength();
    }

    /**
     * The lines of the table, its names first.
     *
     * @param available columns of the terminal; 0: no limit
     */
    List<String> lines(int available) {
        List<List<String>> all = new ArrayList<>();
        all.add(names);
        all.addAll(rows);
        int[] widths = widths(all);
        if (available > 0) {
            widths = fit(widths, available);
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            lines.add(line(row, widths));
        }
        return lines;
    }

    private int[] widths(List<List<String>> all) {
        return IntStream.range(0, names.size())
                .map(column -> all.stream()
                        .mapToInt(row -> width(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
    }

    /**
     * Takes from the widest column but the first until all fit; leaves out the last one when none has anything to give. The
     * first one gives only where it is alone.
     */
    private static int[] fit(int[] widths, int available) {
        int columns = widths.length;
        int[] fitted = widths.clone();
        while (total(fitted, columns) > available && columns > 1) {
            int widest = 1;
            for (int column = 2; column < columns; column++) {
                widest = fitted[column] > fitted[widest] ? column : widest;
            }
            if (fitted[widest] > NARROWEST) {
                fitted[widest]--;
            } else {
                columns--;
                System.arraycopy(widths, 0, fitted, 0, columns);
            }
        }
        fitted[0] = columns == 1 ? Math.min(fitted[0], available) : fitted[0];
        return Arrays.copyOf(fitted, columns);
    }

    private static int total(int[] widths, int columns) {
        return IntStream.range(0, columns).map(column -> widths[column]).sum() + GAP.length() * (columns - 1);
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cut(row.get(column), widths[column]);
            line.append(cell).append(" ".repeat(widths[column] - width(cell))).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private static String cut(String cell, int width) {
        if (width(cell) <= width) {
            return cell;
        }
        return new AttributedString(cell).columnSubSequence(0, width - 1).toString() + CUT;
    }
}
