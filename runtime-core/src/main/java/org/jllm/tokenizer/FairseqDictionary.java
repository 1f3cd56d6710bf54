package org.jllm.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;

/**
 * The pieces of a sentencepiece model with the ids of a fairseq dictionary: its four special tokens, then a line a piece,
 * with a count behind it. Special tokens that are written in a text are text.
 */
final class FairseqDictionary implements SubwordModel {
    private static final List<String> SPECIAL = List.of("<s>", "<pad>", "</s>", "<unk>");
    private static final String OVERWRITE = " #fairseq:overwrite";
    private static final int UNKNOWN = 3;

    private final SentencePieceModel model;
    private final Map<String, Integer> ids;
    private final List<String> names;

    private FairseqDictionary(SentencePieceModel model, Path file) {
        this.model = model;
        ids = new HashMap<>();
        names = new ArrayList<>(SPECIAL);
        for (int id = 0; id < names.size(); id++) {
            ids.put(names.get(id), id);
        }
        int number = 0;
        for (String line : TokenFile.lines(file)) {
            number++;
            boolean overwrites = line.endsWith(OVERWRITE);
            String entry = overwrites ? line.substring(0, line.length() - OVERWRITE.length()) : line;
            int space = entry.lastIndexOf(' ');
            if (space < 1 || !entry.substring(space + 1).matches("-?\\d{1,18}")) {
                throw new InvalidModelException(
                        file + ", line " + number + ", is no token and a count; get the file anew");
            }
            String name = entry.substring(0, space);
            if (ids.containsKey(name) && !overwrites) {
                throw new InvalidModelException(
                        file + ", line " + number + ": \"" + name + "\" is there already; get the file anew");
            }
            ids.put(name, names.size());
            names.add(name);
        }
    }

    static PythonTokenizer load(Path modelFile, Path dictionaryFile) {
        SentencePieceModel model = SentencePieceModel.load(modelFile);
        FairseqDictionary dictionary = new FairseqDictionary(model, dictionaryFile);
        Map<Integer, AddedToken> byId = new LinkedHashMap<>();
        Map<String, AddedToken> roles = new LinkedHashMap<>();
        List<String> names = List.of("bos_token", "pad_token", "eos_token", "unk_token");
        for (int id = 0; id < SPECIAL.size(); id++) {
            AddedToken token = AddedToken.special(SPECIAL.get(id));
            // The unknown token is a piece like others: it is decoded, not left out.
            boolean special = id != UNKNOWN;
            roles.put(names.get(id), special ? token : token.asOrdinary());
            if (special) {
                byId.put(id, token);
            }
        }
        int[] start = {0};
        int[] end = {2};
        return new PythonTokenizer(
                dictionary,
                new AddedVocabulary(dictionary, new AddedTokens(byId, roles, List.of())),
                Frame.of(start, new int[] {2, 2}, new int[0], end, 0),
                new SentencePieceStyle(model, SentencePieceStyle.Spaces.AS_PIECES, false, false),
                new PythonTokenizer.Settings(false, true, false, PythonTokenizer.PrefixSpace.OF_MODEL));
    }

    @Override
    public void encode(MarkedText text, Output output) {
        // Fairseq reads the pieces as one line and cuts it at white space.
        model.encode(
                text,
                model.controlSymbols(),
                (id, piece) -> PythonText.split(piece).forEach(part -> {
                    Integer known = ids.get(part);
                    output.add(known == null ? UNKNOWN : known, known == null ? SPECIAL.get(UNKNOWN) : part);
                }));
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public String token(int id) {
        return names.get(id);
    }

    @Override
    public int id(String token) {
        return ids.getOrDefault(token, NONE);
    }

    @Override
    public int unknownId() {
        return UNKNOWN;
    }
}
