package org.jllm.tokenizer.words;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jllm.api.JllmException;
import org.jllm.tokenizer.mecab.DictionaryHeader;

/**
 * The folders of a machine in which compiled dictionaries of MeCab lie.
 *
 * @param folders each with dictionaries in folders of their own
 */
record MecabPlaces(List<Path> folders) {
    private static final List<String> OF_MECAB = List.of(
            "/var/lib/mecab/dic",
            "/usr/lib/mecab/dic",
            "/usr/lib64/mecab/dic",
            "/usr/local/lib/mecab/dic",
            "/opt/homebrew/lib/mecab/dic",
            "/opt/local/lib/mecab/dic",
            "C:/Program Files/MeCab/dic");
    private static final List<String> OF_PYTHON = List.of("lib", "lib64", "local/lib");

    MecabPlaces {
        folders = List.copyOf(folders);
    }

    /** The usual places: those of MeCab itself, then those of Python's packages. */
    static MecabPlaces usual(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        OF_MECAB.forEach(folder -> folders.add(Path.of(folder)));
        children(Path.of("/usr/lib"), "*-*").forEach(folder -> folders.add(folder.resolve("mecab/dic")));
        List<Path> prefixes = new ArrayList<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            Optional.ofNullable(environment.get(variable)).map(Path::of).ifPresent(prefixes::add);
        }
        prefixes.add(Path.of(System.getProperty("user.home", "")).resolve(".local"));
        prefixes.add(Path.of("/usr/local"));
        prefixes.add(Path.of("/usr"));
        for (Path prefix : prefixes) {
            for (String library : OF_PYTHON) {
                for (Path python : children(prefix.resolve(library), "python3*")) {
                    folders.add(python.resolve("site-packages"));
                    folders.add(python.resolve("dist-packages"));
                }
            }
        }
        return new MecabPlaces(folders);
    }

    /** The first dictionary of a kind that is compiled for UTF-8. */
    Optional<Path> find(MecabDictionaryKind kind) {
        for (Path folder : folders) {
            for (String name : kind.folders()) {
                for (Path candidate :
                        List.of(folder.resolve(name), folder.resolve(name).resolve("dicdir"))) {
                    if (isOf(kind, candidate)) {
                        return Optional.of(candidate);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(MecabDictionaryKind kind, Path folder) {
        if (!DictionaryHeader.isDictionary(folder)) {
            return false;
        }
        try {
            DictionaryHeader header = DictionaryHeader.read(folder);
            return header.isUtf8() && kind.hasContexts(header.rights(), header.lefts());
        } catch (JllmException e) {
            return false;
        }
    }

    private static List<Path> children(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, glob)) {
                all.forEach(found::add);
            } catch (IOException | DirectoryIteratorException e) {
                return List.of();
            }
        }
        found.sort(null);
        return found;
    }
}
