package org.jllm.checkpoint.pickle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The working memory of a pickle: a stack with marks, and values that are kept by number. Bounded in what it holds. */
final class PickleStack {
    /** A state_dict takes some twenty a tensor. */
    private static final int MOST_VALUES = 4_000_000;

    private final List<PickleValue> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, PickleValue> memo = new HashMap<>();
    private int made;

    /** Counts a value, an entry or an element: none of them is free of memory. */
    private void count() {
        if (++made > MOST_VALUES) {
            throw new PickleException("has a pickle of more than " + MOST_VALUES + " values, which no weights need");
        }
    }

    void push(PickleValue value) {
        count();
        values.add(value);
    }

    PickleValue pop() {
        checkDepth();
        return values.remove(values.size() - 1);
    }

    PickleValue top() {
        checkDepth();
        return values.get(values.size() - 1);
    }

    /** What is above the last mark belongs to it. */
    private void checkDepth() {
        if (values.size() <= (marks.isEmpty() ? 0 : marks.get(marks.size() - 1))) {
            throw new PickleException("is damaged: its pickle takes a value where there is none");
        }
    }

    void mark() {
        count();
        marks.add(values.size());
    }

    /** Takes all above the last mark, and the mark. */
    List<PickleValue> popToMark() {
        if (marks.isEmpty()) {
            throw new PickleException("is damaged: its pickle goes back to a mark that it never set");
        }
        List<PickleValue> above = values.subList(marks.remove(marks.size() - 1), values.size());
        List<PickleValue> taken = List.copyOf(above);
        above.clear();
        return taken;
    }

    /** Takes the last values, the first of them first. */
    List<PickleValue> pop(int count) {
        PickleValue[] taken = new PickleValue[count];
        for (int i = count - 1; i >= 0; i--) {
            taken[i] = pop();
        }
        return List.of(taken);
    }

    void keep(long number) {
        count();
        memo.put(number, top());
    }

    void keepAsNext() {
        keep(memo.size());
    }

    void recall(long number) {
        PickleValue value = memo.get(number);
        if (value == null) {
            throw new PickleException("is damaged: its pickle recalls value " + number + ", which it never kept");
        }
        push(value);
    }
}
