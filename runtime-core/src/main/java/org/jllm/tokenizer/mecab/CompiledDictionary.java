package org.jllm.tokenizer.mecab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.InvalidModelException;

/** A folder with a dictionary that {@code mecab-dict-index} compiled. */
final class CompiledDictionary {
    private static final Pattern LONGEST_GROUP = Pattern.compile("(?m)^\\s*max-grouping-size\\s*=\\s*(\\d{1,9})\\s*$");

    private CompiledDictionary() {}

    /**
     * Maps a dictionary.
     *
     * @param userLexicons compiled dictionaries of the user for the same system dictionary
     */
    static MecabDictionary open(Path folder, List<Path> userLexicons) {
        if (!Files.isRegularFile(folder.resolve(DictionaryHeader.SYSTEM_LEXICON))) {
            throw new InvalidModelException(folder + " is no MeCab dictionary: it has no "
                    + DictionaryHeader.SYSTEM_LEXICON + " (compile it with mecab-dict-index)");
        }
        CharacterTable characters = CharacterTable.read(folder.resolve("char.bin"));
        ConnectionMatrix connections = ConnectionMatrix.read(folder.resolve(DictionaryHeader.MATRIX));
        List<Lexicon> lexicons = new ArrayList<>();
        lexicons.add(CompiledLexicon.read(folder.resolve(DictionaryHeader.SYSTEM_LEXICON), connections));
        userLexicons.forEach(file -> lexicons.add(CompiledLexicon.read(file, connections)));
        UnknownWords unknown =
                CompiledLexicon.read(folder.resolve("unk.dic"), connections).unknownWords(characters.categories());
        return new MecabDictionary(folder.toString(), lexicons, unknown, characters, connections, longestGroup(folder));
    }

    private static int longestGroup(Path folder) {
        Path settings = folder.resolve("dicrc");
        if (!Files.isRegularFile(settings)) {
            return MecabDictionary.DEFAULT_LONGEST_GROUP;
        }
        try {
            Matcher matcher = LONGEST_GROUP.matcher(Files.readString(settings, StandardCharsets.ISO_8859_1));
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : MecabDictionary.DEFAULT_LONGEST_GROUP;
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + settings + ": " + e.getMessage(), e);
        }
    }
}
