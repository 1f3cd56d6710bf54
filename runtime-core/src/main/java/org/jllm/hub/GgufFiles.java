package org.jllm.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.ModelNotFoundException;
import org.jspecify.annotations.Nullable;

/** The {@code .gguf} files of a repository: the same weights at several precisions, each perhaps in parts. */
final class GgufFiles {
    /** Best for its size first; then whatever is there, the smallest first. */
    private static final List<String> PREFERRED =
            List.of("q4_k_m", "q4_k_s", "q5_k_m", "q4_0", "q5_0", "q5_k_s", "q6_k", "q8_0", "q4_1", "q5_1", "q3_k_m");

    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.CASE_INSENSITIVE);

    private GgufFiles() {}

    static boolean isGguf(RepositoryFile file) {
        return isGguf(file.name());
    }

    static boolean isGguf(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /**
     * One file, or all parts of one.
     *
     * @param wanted its name, or a part of it that no other has, such as {@code q8_0}; null: by preference
     * @throws ModelNotFoundException if there is none
     * @throws InvalidRequestException if none or several have that name
     */
    static List<RepositoryFile> choose(RepositoryListing listing, @Nullable String wanted) {
        List<RepositoryFile> all = listing.files().stream()
                .filter(GgufFiles::isGguf)
                .filter(file -> !file.name().toLowerCase(Locale.ROOT).startsWith("mmproj"))
                .toList();
        if (all.isEmpty()) {
            throw new ModelNotFoundException(listing.id() + " has no .gguf file");
        }
        String first = wanted == null ? preferred(all) : named(listing.id(), ".gguf", wholes(all), wanted);
        return all.stream().filter(file -> whole(file.path()).equals(first)).toList();
    }

    /** The paths of files, of those in parts once. */
    private static Set<String> wholes(List<RepositoryFile> files) {
        return files.stream().map(file -> whole(file.path())).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The one of several paths that is meant.
     *
     * @param suffix of all of them
     * @param wanted a path, a name, or a part of them
     * @throws InvalidRequestException if none or several are meant
     */
    static String named(String repository, String suffix, Set<String> paths, String wanted) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        TreeSet<String> exact = new TreeSet<>();
        TreeSet<String> near = new TreeSet<>();
        for (String path : paths) {
            if (path.equals(wanted) || path.endsWith('/' + wanted)) {
                exact.add(path);
            } else if (path.toLowerCase(Locale.ROOT).contains(lower)) {
                near.add(path);
            }
        }
        TreeSet<String> found = exact.isEmpty() ? near : exact;
        if (found.size() == 1) {
            return found.first();
        }
        throw new InvalidRequestException(repository + " has " + (found.isEmpty() ? "no " : "several ") + suffix
                + " files of the name '" + wanted + "'; there are "
                + String.join(", ", found.isEmpty() ? paths : found));
    }

    private static String preferred(List<RepositoryFile> all) {
        List<RepositoryFile> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingInt((RepositoryFile file) -> rank(file.name()))
                .thenComparingLong(RepositoryFile::size)
                .thenComparing(RepositoryFile::path));
        return whole(sorted.get(0).path());
    }

    /** How well a file of this name is liked: 0 is best. */
    static int rank(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < PREFERRED.size(); i++) {
            if (lower.matches("(.*[-._])?" + PREFERRED.get(i) + "([-._].*)")) {
                return i;
            }
        }
        return PREFERRED.size();
    }

    /** What all parts of a file share. */
    static String whole(String path) {
        Matcher part = PART.matcher(path);
        return part.matches() ? part.group(1) + ".gguf" : path;
    }

    /** Whether this is not a later part of a file. */
    static boolean isFirst(String path) {
        Matcher part = PART.matcher(path);
        return !part.matches() || Integer.parseInt(part.group(2)) == 1;
    }

    /** The names of all parts. */
    static List<String> parts(String name) {
        Matcher part = PART.matcher(name);
        if (!part.matches()) {
            return List.of(name);
        }
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= Integer.parseInt(part.group(3)); i++) {
            names.add(String.format(Locale.ROOT, "%s-%05d-of-%s.gguf", part.group(1), i, part.group(3)));
        }
        return names;
    }
}
