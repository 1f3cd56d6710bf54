package org.jllm.tokenizer.mecab;

import java.util.Arrays;

/**
 * All ways to cut a sentence into words, and the cheapest of them, as MeCab 0.996 finds it (its {@code viterbi.cpp} and
 * {@code tokenizer.cpp}): white space before a word belongs to it, unknown words are made by the category of their first
 * character, and of equally cheap ways the one whose words were made last takes precedence. For one sentence and one thread.
 *
 * <p>Words are rows of arrays. When there are many, those that every way to the end has in common are given out and the rows
 * that no way needs are dropped, so that memory is bounded whatever the length of the sentence.
 */
final class Lattice implements Lexicon.Found {
    private static final int NONE = -1;
    /** Of the beginning and the end of a sentence. */
    private static final int BOUNDARY_CONTEXT = 0;

    private static final int FIRST_ROWS = 256;
    private static final int MOST_ROWS = 1 << 18;

    private final MecabDictionary dictionary;
    private final CharacterTable characters;
    private final ConnectionMatrix connections;
    private final Lexicon[] lexicons;
    private final int rowLimit;

    /** So many characters tell of a run that it is too long for a word; its end is then farther away than any unknown word's. */
    private final int longestRun;

    /** The best row before a word, by the word's left context, if it is marked by the stamp of the char. */
    private final int[] bestBefore;

    private final int[] bestStamp;
    private final long[] bestCost;

    private final Sentence sentence = new Sentence();
    /** Stamp of the sentence's first char; no stamp comes twice. */
    private int firstStamp = 1;

    private WordSink words = (start, end) -> {};

    /** The last row that ends before each char, or {@link #NONE}. */
    private int[] endingAt = {};

    private int rows;
    private int[] start = new int[FIRST_ROWS];
    private int[] end = new int[FIRST_ROWS];
    private int[] left = new int[FIRST_ROWS];
    private int[] right = new int[FIRST_ROWS];
    private int[] wordCost = new int[FIRST_ROWS];
    /** Of the cheapest way from the beginning, with this word. */
    private long[] pathCost = new long[FIRST_ROWS];
    /** The row before, on that way. */
    private int[] previous = new int[FIRST_ROWS];
    /** The row that was connected before and ends at the same char. */
    private int[] nextEnding = new int[FIRST_ROWS];

    /** The largest end of a row. */
    private int farthest;

    /** Where the word of the row that is made next begins. */
    private int wordStart;

    /** The row up to which words have been given out. */
    private int committed;

    private int mostRows;

    // What the last run of characters was: its characters, the entry and the width of the last character that was
    // looked at.
    private int runCharacters;
    private int lookedAtEntry;
    private int lookedAtWidth;

    Lattice(MecabDictionary dictionary) {
        this(dictionary, MOST_ROWS);
    }

    /** @param rowLimit how many rows there may be before those that are not needed are dropped */
    Lattice(MecabDictionary dictionary, int rowLimit) {
        this.dictionary = dictionary;
        this.rowLimit = rowLimit;
        longestRun = Math.max(dictionary.longestGroup(), CharacterTable.MOST_LENGTH) + 1;
        lexicons = dictionary.lexicons().toArray(Lexicon[]::new);
        characters = dictionary.characters();
        connections = dictionary.connections();
        bestBefore = new int[connections.lefts()];
        bestStamp = new int[connections.lefts()];
        bestCost = new long[connections.lefts()];
    }

    /** Finds the cheapest way through a sentence and gives its words out. */
    void cut(CharSequence text, WordSink sink) {
        words = sink;
        sentence.set(text);
        if (endingAt.length <= text.length()) {
            endingAt = new int[text.length() + 1];
        }
        if (firstStamp > Integer.MAX_VALUE - text.length() - 1) {
            Arrays.fill(bestStamp, 0);
            firstStamp = 1;
        }
        rows = 0;
        farthest = 0;
        mostRows = rowLimit;
        Arrays.fill(endingAt, 0, text.length() + 1, NONE);
        committed = add(0, 0, BOUNDARY_CONTEXT, BOUNDARY_CONTEXT, 0);
        previous[committed] = NONE;
        endingAt[0] = committed;
        for (int at = 0; at < sentence.length(); at++) {
            if (endingAt[at] != NONE) {
                int first = rows;
                lookUp(at);
                for (int row = rows - 1; row >= first; row--) {
                    connect(row, at);
                }
                if (rows > mostRows) {
                    giveOutWhatIsCertain(at + 1);
                }
            }
        }
        int last = sentence.length();
        while (endingAt[last] == NONE) {
            last--;
        }
        int boundary = add(last, last, BOUNDARY_CONTEXT, BOUNDARY_CONTEXT, 0);
        connect(boundary, last);
        giveOut(previous[boundary]);
        firstStamp += text.length() + 1;
    }

    private void connect(int row, int at) {
        int context = left[row];
        if (bestStamp[context] != firstStamp + at) {
            findBest(context, at);
        }
        previous[row] = bestBefore[context];
        pathCost[row] = bestCost[context] + wordCost[row];
        nextEnding[row] = endingAt[end[row]];
        endingAt[end[row]] = row;
    }

    private void findBest(int context, int at) {
        int best = NONE;
        long least = Long.MAX_VALUE;
        int matrixRow = connections.row(context);
        for (int before = endingAt[at]; before != NONE; before = nextEnding[before]) {
            long cost = pathCost[before] + connections.costAt(matrixRow, right[before]);
            if (cost < least) {
                least = cost;
                best = before;
            }
        }
        bestStamp[context] = firstStamp + at;
        bestBefore[context] = best;
        bestCost[context] = least;
    }

    /** Makes the rows of all words that may begin at a char, or behind the white space there. */
    private void lookUp(int at) {
        wordStart = run(at, characters.space(), Integer.MAX_VALUE);
        if (wordStart == sentence.length()) {
            return;
        }
        int entry = lookedAtEntry;
        int first = rows;
        for (Lexicon lexicon : lexicons) {
            lexicon.find(sentence, wordStart, this);
        }
        if (rows > first && !CharacterTable.invokes(entry)) {
            return;
        }
        int unknownEnd = wordStart + lookedAtWidth;
        int groupEnd = NONE;
        if (CharacterTable.groups(entry)) {
            groupEnd = run(unknownEnd, entry, longestRun);
            if (runCharacters <= dictionary.longestGroup()) {
                addUnknown(entry, groupEnd);
            }
        }
        for (int i = 0; i < CharacterTable.length(entry) && unknownEnd != groupEnd; i++) {
            addUnknown(entry, unknownEnd);
            if (unknownEnd == sentence.length()
                    || !CharacterTable.alike(entry, characters.entry(sentence, unknownEnd))) {
                break;
            }
            unknownEnd += sentence.width(unknownEnd);
        }
        if (rows == first) {
            addUnknown(entry, unknownEnd);
        }
    }

    /**
     * The end of the characters from a char on, each of which has a category in common with the one before.
     *
     * @param most characters to look at
     */
    private int run(int from, int entry, int most) {
        int common = entry;
        int at = from;
        runCharacters = 0;
        while (at < sentence.length() && runCharacters < most) {
            lookedAtEntry = characters.entry(sentence, at);
            lookedAtWidth = sentence.width(at);
            if (!CharacterTable.alike(common, lookedAtEntry)) {
                break;
            }
            common = lookedAtEntry;
            at += lookedAtWidth;
            runCharacters++;
        }
        return at;
    }

    private void addUnknown(int entry, int unknownEnd) {
        for (UnknownWords.Candidate word : dictionary.unknown().of(CharacterTable.defaultCategory(entry))) {
            add(wordStart, unknownEnd, word.left(), word.right(), word.cost());
        }
    }

    @Override
    public void word(int wordEnd, int leftContext, int rightContext, int cost) {
        add(wordStart, wordEnd, leftContext, rightContext, cost);
    }

    private int add(int wordBegin, int wordEnd, int leftContext, int rightContext, int cost) {
        if (rows == start.length) {
            grow(2 * rows);
        }
        start[rows] = wordBegin;
        end[rows] = wordEnd;
        left[rows] = leftContext;
        right[rows] = rightContext;
        wordCost[rows] = cost;
        nextEnding[rows] = NONE;
        farthest = Math.max(farthest, wordEnd);
        return rows++;
    }

    private void grow(int capacity) {
        start = Arrays.copyOf(start, capacity);
        end = Arrays.copyOf(end, capacity);
        left = Arrays.copyOf(left, capacity);
        right = Arrays.copyOf(right, capacity);
        wordCost = Arrays.copyOf(wordCost, capacity);
        pathCost = Arrays.copyOf(pathCost, capacity);
        previous = Arrays.copyOf(previous, capacity);
        nextEnding = Arrays.copyOf(nextEnding, capacity);
    }

    /** Gives out the words from the last one given out to a row. */
    private void giveOut(int row) {
        int count = 0;
        for (int word = row; word != committed; word = previous[word]) {
            count++;
        }
        int[] path = new int[count];
        for (int word = row; word != committed; word = previous[word]) {
            path[--count] = word;
        }
        for (int word : path) {
            words.word(start[word], end[word]);
        }
        committed = row;
    }

    /** Gives out the words that all ways to the chars from {@code at} on share, and keeps only the rows of those ways. */
    private void giveOutWhatIsCertain(int at) {
        boolean[] used = new boolean[rows];
        int[] followers = new int[rows];
        int[] lastFollower = new int[rows];
        for (int place = at; place <= farthest; place++) {
            for (int way = endingAt[place]; way != NONE; way = nextEnding[way]) {
                followers[way] = 2; // as many as it takes to be no part of only one way
                for (int row = way; !used[row]; row = previous[row]) {
                    used[row] = true;
                    if (row == committed) {
                        break;
                    }
                    followers[previous[row]]++;
                    lastFollower[previous[row]] = row;
                }
            }
        }
        int certain = committed;
        while (followers[certain] == 1) {
            certain = lastFollower[certain];
        }
        giveOut(certain);
        keep(used, at);
        mostRows = Math.max(rowLimit, 2 * rows);
    }

    /** Drops the rows before the last one given out, and those that are not used. */
    private void keep(boolean[] used, int at) {
        int[] moved = new int[rows];
        int kept = 0;
        for (int row = committed; row < rows; row++) {
            if (used[row]) {
                moved[row] = kept++;
            }
        }
        for (int row = committed; row < rows; row++) {
            if (used[row]) {
                kept = moved[row];
                start[kept] = start[row];
                end[kept] = end[row];
                left[kept] = left[row];
                right[kept] = right[row];
                wordCost[kept] = wordCost[row];
                pathCost[kept] = pathCost[row];
                previous[kept] = row == committed ? NONE : moved[previous[row]];
                nextEnding[kept] = nextEnding[row] == NONE || end[row] < at ? NONE : moved[nextEnding[row]];
            }
        }
        for (int place = at; place <= farthest; place++) {
            if (endingAt[place] != NONE) {
                endingAt[place] = moved[endingAt[place]];
            }
        }
        committed = 0;
        rows = kept + 1;
    }
}
