package org.jllm.tokenizer.words;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.tokenizer.mecab.DictionaryHeader;
import org.jllm.tokenizer.mecab.MecabWords;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the dictionary that MeCab's words come from: the user's, the one that the model's options name, a compiled one of
 * the right kind that is installed, and else the data that jllm brings.
 */
public final class MecabChooser {
    private static final String GIVE_ONE = "; or give one by --mecab-dictionary (setting mecab_dictionary)";
    private static final List<String> SETTINGS =
            List.of("/etc/mecabrc", "/usr/local/etc/mecabrc", "/opt/homebrew/etc/mecabrc", "/opt/local/etc/mecabrc");

    private final MecabPlaces places;
    private final List<Path> settings;

    MecabChooser(MecabPlaces places, List<Path> settings) {
        this.places = places;
        this.settings = List.copyOf(settings);
    }

    /** A chooser that looks at the usual places of this machine. */
    public static MecabChooser ofMachine() {
        Map<String, String> environment = System.getenv();
        List<Path> settings = new ArrayList<>();
        Optional.ofNullable(environment.get("MECABRC")).map(Path::of).ifPresent(settings::add);
        SETTINGS.stream().map(Path::of).forEach(settings::add);
        return new MecabChooser(MecabPlaces.usual(environment), settings);
    }

    /**
     * Chooses a dictionary.
     *
     * @param kind that the model asks for; null: the one that its options or MeCab's own settings name
     * @throws UnsupportedModelException if there is none; the message says how to get it
     */
    public AnalyserChoice choose(@Nullable MecabDictionaryKind kind, MecabOption option, WordOptions words) {
        List<Path> user = userDictionaries(option, words);
        String suffix = user.isEmpty() ? "" : " and " + user;
        String given = words.mecabDictionary();
        if (given != null) {
            return compiled(Path.of(given), "given by mecab_dictionary", user, suffix);
        }
        String named = option.dictionary();
        if (named != null && DictionaryHeader.isDictionary(Path.of(named))) {
            return compiled(Path.of(named), "named by the model's mecab_option", user, suffix);
        }
        if (kind == null) {
            return ofSettings(named, option, user, suffix);
        }
        String instead = named == null ? "" : "; " + named + ", which its mecab_option names, is not there";
        Optional<Path> installed = places.find(kind);
        if (installed.isPresent()) {
            return compiled(installed.get(), "installed, " + kind.title() + instead, user, suffix);
        }
        return builtIn(kind, instead, user, suffix);
    }

    private AnalyserChoice ofSettings(@Nullable String named, MecabOption option, List<Path> user, String suffix) {
        if (named != null) {
            throw new UnsupportedModelException(
                    "the tokenizer's mecab_option names the dictionary " + named + ", which is not there" + GIVE_ONE);
        }
        List<Path> files = option.settings() == null ? settings : List.of(Path.of(option.settings()));
        for (Path file : files) {
            Optional<Path> folder = dictionaryOf(file);
            if (folder.isPresent()) {
                return compiled(folder.get(), "the one of " + file, user, suffix);
            }
        }
        throw new UnsupportedModelException(
                "the tokenizer has mecab_dic null and takes MeCab's own dictionary, but no mecabrc names one: install MeCab"
                        + GIVE_ONE);
    }

    private static Optional<Path> dictionaryOf(Path settings) {
        if (!Files.isRegularFile(settings)) {
            return Optional.empty();
        }
        try {
            Matcher found = Pattern.compile("(?m)^\\s*dicdir\\s*=\\s*(.*\\S)")
                    .matcher(Files.readString(settings, StandardCharsets.ISO_8859_1));
            return found.find()
                    ? Optional.of(Path.of(found.group(1).replace("$(rcpath)", String.valueOf(settings.getParent()))))
                    : Optional.empty();
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + settings + ": " + e.getMessage(), e);
        }
    }

    private static AnalyserChoice compiled(Path folder, String why, List<Path> user, String suffix) {
        return new AnalyserChoice(
                "MeCab's words of " + folder + suffix + " (" + why + ")", () -> MecabWords.open(folder, user)::split);
    }

    private static AnalyserChoice builtIn(MecabDictionaryKind kind, String instead, List<Path> user, String suffix) {
        Supplier<MecabWords> opener = switch (kind) {
            case IPADIC -> MecabWords::ofKuromojiIpadic;
            case UNIDIC_LITE -> MecabWords::ofKuromojiUnidic;
            case UNIDIC, JUMANDIC ->
                throw new UnsupportedModelException("the tokenizer takes the words of MeCab with " + kind.title()
                        + ", which is not installed" + instead + ": " + kind.advice() + GIVE_ONE);
        };
        if (!user.isEmpty()) {
            throw new UnsupportedModelException("user dictionaries" + suffix.substring(" and".length())
                    + " need the compiled dictionary that they were made for, and " + kind.title()
                    + " is not installed: " + kind.advice() + GIVE_ONE);
        }
        return new AnalyserChoice(
                "MeCab's words of kuromoji's " + kind.title() + " (stands in as none is installed" + instead + ")",
                () -> opener.get()::split);
    }

    private static List<Path> userDictionaries(MecabOption option, WordOptions words) {
        List<String> given = words.mecabUserDictionaries();
        List<Path> files = (given == null ? option.userDictionaries() : given)
                .stream().map(Path::of).toList();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new UnsupportedModelException("the user dictionary " + file + " is not there"
                        + (given == null ? ", which the tokenizer's mecab_option names" : "")
                        + "; give it by --mecab-user-dictionary (setting mecab_user_dictionary)");
            }
            if (file.toString().endsWith(".csv")) {
                throw new UnsupportedModelException("the user dictionary " + file + " is not compiled: run"
                        + " mecab-dict-index -d FOLDER_OF_DICTIONARY -u user.dic -f utf8 -t utf8 " + file
                        + " and give user.dic");
            }
        }
        return files;
    }
}
