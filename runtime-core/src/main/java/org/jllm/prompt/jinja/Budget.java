package org.jllm.prompt.jinja;

/** What one rendering may take: steps, chars of strings, list elements and depth, whatever the template asks for. */
final class Budget {
    private static final int MOST_DEPTH = 300;

    private long steps = 5_000_000;
    private long chars = 40_000_000;
    private int depth;

    void step() {
        spend(1);
    }

    /** Work on this many elements. */
    void spend(long count) {
        steps -= count;
        if (steps < 0 || count < 0) {
            throw JinjaException.limit("the chat template runs too long");
        }
    }

    /** Work on or creation of this many chars. */
    void chars(long count) {
        chars -= count;
        if (chars < 0 || count < 0) {
            throw JinjaException.limit("the chat template makes too much text");
        }
    }

    void enter() {
        spend(1);
        if (++depth > MOST_DEPTH) {
            throw JinjaException.limit("the chat template is nested too deeply or calls itself without end");
        }
    }

    void leave() {
        depth--;
    }
}
