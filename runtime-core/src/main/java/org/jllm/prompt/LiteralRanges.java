package org.jllm.prompt;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jllm.prompt.jinja.Text;
import org.jllm.tokenizer.MarkedText;

/**
 * Finds what looks like a special token in a prompt but was written, at least in part, by the author of a message. Only
 * the chars of the message are literal.
 */
final class LiteralRanges {
    private LiteralRanges() {}

    static MarkedText mark(Text prompt, Set<String> specialTokens) {
        String text = prompt.toString();
        BitSet literal = new BitSet();
        for (String token : specialTokens) {
            int start = token.isEmpty() ? -1 : text.indexOf(token);
            while (start >= 0) {
                for (int i = start; i < start + token.length(); i++) {
                    if (prompt.isContent(i)) {
                        literal.set(i);
                    }
                }
                start = text.indexOf(token, start + 1);
            }
        }
        List<MarkedText.Range> ranges = new ArrayList<>();
        for (int start = literal.nextSetBit(0); start >= 0; ) {
            int end = literal.nextClearBit(start);
            ranges.add(new MarkedText.Range(start, end));
            start = literal.nextSetBit(end);
        }
        return new MarkedText(text, ranges);
    }
}
