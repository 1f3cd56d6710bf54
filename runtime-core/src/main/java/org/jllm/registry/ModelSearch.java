package org.jllm.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Task;
import org.jllm.catalogue.TemplateChoice;

/** Finds models by words. */
public final class ModelSearch {
    private ModelSearch() {}

    /**
     * The models in which all words stand: in an id or alias, or in what is said of them. Those come first whose names have
     * most of the words, and of these the ones with the shortest names.
     */
    public static List<Entry> find(List<Entry> entries, List<String> words) {
        List<String> wanted = words.stream()
                .flatMap(word -> Stream.of(SearchText.of(word).split(" ")))
                .filter(word -> !word.isEmpty())
                .toList();
        record Hit(Entry entry, long inName, int length) {}
        List<Hit> hits = new ArrayList<>();
        for (Entry entry : entries) {
            String names = SearchText.of(entry.id() + " " + String.join(" ", entry.aliases()));
            String all = names + " " + description(entry);
            if (wanted.stream().allMatch(all::contains)) {
                hits.add(new Hit(
                        entry,
                        wanted.stream().filter(names::contains).count(),
                        entry.id().length()));
            }
        }
        return hits.stream()
                .sorted(Comparator.comparingLong(Hit::inName).reversed().thenComparingInt(Hit::length))
                .map(Hit::entry)
                .toList();
    }

    private static String description(Entry entry) {
        TemplateChoice template = entry.template();
        return SearchText.of(Stream.concat(
                        Stream.of(
                                entry.family(),
                                entry.section(),
                                entry.developer(),
                                entry.size().text(),
                                entry.architecture(),
                                entry.loader(),
                                entry.license().name(),
                                template == null ? "" : template.name()),
                        entry.tasks().stream().map(Task::key))
                .collect(Collectors.joining(" ")));
    }
}
