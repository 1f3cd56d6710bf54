package org.jllm.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jllm.api.InvalidModelException;

/**
 * The numbers of pieces: a CSV file with a piece in the second column, its row, from 0 on, the id. Of a piece that is there twice
 * the first row counts. The first five rows are the special tokens, by their place and whatever they are called.
 */
final class SubwordNmtTable {
    static final int SENTENCE_END = 0;
    static final int TEXT_START = 3;
    static final int UNKNOWN = 4;
    private static final List<String> SPECIAL = List.of("sep", "mask", "pad", "cls", "unk");

    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final SpecialTokens special;

    SubwordNmtTable(Path file) {
        List<List<String>> rows = CsvRows.of(TokenFile.text(file));
        for (List<String> row : rows) {
            if (row.size() < 2) {
                throw new InvalidModelException(
                        file + ", row " + (names.size() + 1) + ", has no second column; get the file anew");
            }
            names.add(row.get(1));
        }
        if (names.size() <= SPECIAL.size()) {
            throw new InvalidModelException(
                    file + " has " + names.size() + " rows, no more than special tokens; get the file anew");
        }
        Set<String> taken = new HashSet<>();
        for (int id = 0; id < SPECIAL.size(); id++) {
            if (names.get(id).isBlank() || !taken.add(names.get(id))) {
                names.set(id, "<" + SPECIAL.get(id) + ">");
            }
        }
        for (int id = 0; id < names.size(); id++) {
            ids.putIfAbsent(names.get(id), id);
        }
        Map<String, String> roles = new HashMap<>();
        Set<Integer> all = new HashSet<>();
        for (int id = 0; id < SPECIAL.size(); id++) {
            roles.put(SPECIAL.get(id) + "_token", names.get(id));
            all.add(id);
        }
        roles.put("bos_token", names.get(TEXT_START));
        roles.put("eos_token", names.get(SENTENCE_END));
        special = new SpecialTokens(OptionalInt.of(TEXT_START), OptionalInt.of(SENTENCE_END), roles, all);
    }

    int size() {
        return names.size();
    }

    String name(int id) {
        return names.get(id);
    }

    OptionalInt id(String name) {
        Integer id = ids.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    int idOrUnknown(String name) {
        return ids.getOrDefault(name, UNKNOWN);
    }

    SpecialTokens special() {
        return special;
    }
}
