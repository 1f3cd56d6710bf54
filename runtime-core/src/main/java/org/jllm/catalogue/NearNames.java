package org.jllm.catalogue;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The known names that a mistyped one may have meant. */
public final class NearNames {
    private static final int MOST = 3;
    private static final int LONGEST = 200;

    private NearNames() {}

    /** At most three names, nearest first: few letters differ, or the one is a part of the other. */
    public static List<String> of(String typed, Collection<String> known) {
        return all(typed, known).limit(MOST).toList();
    }

    /** At most three things that have several names: each by its nearest name, nearest first. */
    static <T> List<String> of(String typed, Map<String, T> byName) {
        Set<T> seen = new HashSet<>();
        return all(typed, byName.keySet())
                .filter(name -> seen.add(byName.get(name)))
                .limit(MOST)
                .toList();
    }

    private static Stream<String> all(String typed, Collection<String> known) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        if (wanted.isEmpty() || wanted.length() > LONGEST) {
            return Stream.of();
        }
        int tolerated = Math.max(1, wanted.length() / 3);
        record Candidate(String name, int distance, int longer) {}
        return known.stream()
                .map(name -> new Candidate(
                        name,
                        distance(wanted, name.toLowerCase(Locale.ROOT)),
                        Math.abs(name.length() - typed.length())))
                .filter(candidate -> candidate.distance() <= tolerated)
                .sorted(Comparator.comparingInt(Candidate::distance)
                        .thenComparingInt(Candidate::longer)
                        .thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /** A question to end an error with, or nothing if no name is near. */
    public static String question(String typed, Collection<String> known) {
        return question(of(typed, known));
    }

    /** A question after these names, or nothing if there are none. */
    static String question(List<String> near) {
        return near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?";
    }

    private static int distance(String wanted, String name) {
        boolean contained =
                (wanted.length() >= 3 && name.contains(wanted)) || (name.length() >= 3 && wanted.contains(name));
        return contained ? 1 : edits(wanted, name);
    }

    /** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
    private static int edits(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : step(distance, a, b, i, j);
            }
        }
        return distance[a.length()][b.length()];
    }

    private static int step(int[][] distance, String a, String b, int i, int j) {
        int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best =
                Math.min(distance[i - 1][j - 1] + substitution, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
    }
}
