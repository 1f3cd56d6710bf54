package org.jllm.tokenizer;

import java.util.List;

/**
 * Finds prices as the pattern of GPT-NeoX Japanese does: numbers with 億, 万 and 千 in this order, a currency or several,
 * notes on tax. That pattern takes exponential time on long numbers; this reads them once.
 */
final class Prices {
    private static final List<String> CURRENCIES =
            List.of("千円", "万円", "千万円", "円", "千ドル", "万ドル", "千万ドル", "ドル", "千ユーロ", "万ユーロ", "千万ユーロ", "ユーロ");
    private static final List<String> TAX = List.of("(税込)", "(税抜)", "+tax");
    private static final String UNITS = "億万千";
    private static final int NONE = -1;

    private final String text;
    /** The last run of digits and commas that was looked at, and the end of a price that goes on behind it. */
    private int knownRunStart = NONE;

    private int knownRunEnd = NONE;
    private int knownEnd = NONE;
    /** A comma of this run that no group of three follows: nothing before it is a number up to the end of the run. */
    private int looseComma = NONE;

    private Prices(String text) {
        this.text = text;
    }

    static String replace(String text, String replacement) {
        return new Prices(text).replaceWith(replacement);
    }

    private String replaceWith(String replacement) {
        StringBuilder result = new StringBuilder();
        int copied = 0;
        for (int start = 0; start < text.length(); ) {
            int end = canBegin(text.charAt(start)) ? end(start) : NONE;
            if (end == NONE) {
                start++;
            } else {
                result.append(text, copied, start).append(replacement);
                start = end;
                copied = end;
            }
        }
        return copied == 0 ? text : result.append(text, copied, text.length()).toString();
    }

    private static boolean canBegin(char c) {
        return (c >= '0' && c <= '9') || UNITS.indexOf(c) >= 0 || c == '円' || c == 'ド' || c == 'ユ';
    }

    private int end(int start) {
        if (start < knownRunStart || start > knownRunEnd) {
            knownRunStart = start;
            knownRunEnd = runEnd(start);
            knownEnd = endBehindNumber(knownRunEnd);
            looseComma = looseComma(start, knownRunEnd);
        }
        return knownEnd != NONE && start > looseComma && isNumbers(start, knownRunEnd) ? knownEnd : NONE;
    }

    private int endBehindNumber(int from) {
        int position = from;
        int unit = 0;
        int end = NONE;
        while (true) {
            int priceEnd = currencyEnd(position);
            end = priceEnd == NONE ? end : priceEnd;
            int next = position < text.length() ? UNITS.indexOf(text.charAt(position)) : NONE;
            int runEnd = next < unit ? NONE : runEnd(position + 1);
            if (runEnd == NONE || !isNumbers(position + 1, runEnd)) {
                return end;
            }
            unit = next;
            position = runEnd;
        }
    }

    private int currencyEnd(int from) {
        int end = many(CURRENCIES, from);
        return end == from ? NONE : many(TAX, end);
    }

    private int many(List<String> words, int from) {
        int end = from;
        for (int last = NONE; last != end; ) {
            last = end;
            for (String word : words) {
                if (text.startsWith(word, last)) {
                    end = last + word.length();
                    break;
                }
            }
        }
        return end;
    }

    private int runEnd(int from) {
        int end = from;
        while (end < text.length() && (text.charAt(end) == ',' || isDigit(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private boolean isDigit(int at) {
        return at < text.length() && Character.isDigit(text.codePointAt(at));
    }

    /** The last comma that is not followed by three digits. */
    private int looseComma(int from, int to) {
        int loose = NONE;
        for (int at = from; at < to; at++) {
            if (text.charAt(at) == ',' && groupEnd(at, to) == NONE) {
                loose = at;
            }
        }
        return loose;
    }

    /** The end of the three digits behind a comma. */
    private int groupEnd(int comma, int to) {
        int end = comma + 1;
        for (int i = 0; i < 3; i++) {
            if (end >= to || !isDigit(end)) {
                return NONE;
            }
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    /** Whether all from one place to another is numbers: 0, what begins with 1 to 9, groups of three behind commas. */
    private boolean isNumbers(int from, int to) {
        boolean begun = false;
        int sinceLeading = Integer.MAX_VALUE;
        boolean afterGroup = false;
        for (int at = from; at < to; ) {
            char c = text.charAt(at);
            if (c == ',') {
                int end = groupEnd(at, to);
                if (end == NONE || (!afterGroup && sinceLeading > 3)) {
                    return false;
                }
                afterGroup = true;
                begun = false;
                sinceLeading = Integer.MAX_VALUE;
                at = end;
                continue;
            }
            boolean leads = c >= '1' && c <= '9';
            if (!leads && c != '0' && !begun) {
                return false;
            }
            begun |= leads;
            afterGroup = false;
            sinceLeading = leads ? 1 : sinceLeading == Integer.MAX_VALUE ? sinceLeading : sinceLeading + 1;
            at += Character.charCount(text.codePointAt(at));
        }
        return true;
    }
}
