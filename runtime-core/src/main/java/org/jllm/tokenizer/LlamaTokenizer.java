package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;

/**
 * {@code LlamaTokenizer}, the Python class of Transformers 4.40, over a sentencepiece model. Fields of
 * {@code tokenizer_config.json} that count: {@code legacy} (true if absent), {@code add_bos_token} (true),
 * {@code add_eos_token} (false), {@code add_prefix_space} (true), {@code split_special_tokens} (false),
 * {@code clean_up_tokenization_spaces} (false) and the special and added tokens.
 */
final class LlamaTokenizer implements Tokenizer {
    private static final String SPACE_MARK = "▁";
    private static final Map<String, String> DEFAULTS =
            Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>");

    private final SentencePieceModel model;
    private final boolean legacy;
    private final boolean addPrefixSpace;
    private final boolean splitSpecialTokens;
    private final boolean cleanUpSpaces;
    private final Map<Integer, AddedToken> addedById;
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final AddedTokenSplitter splitter;
    /** The id of a piece by its id in the model: added tokens go before. */
    private final int[] pieceIds;

    private final BitSet notInLiteral;
    private final Set<String> specialNames = new LinkedHashSet<>();
    /** Added tokens that decoding sets apart by spaces. */
    private final Set<String> apart;

    private final SpecialTokens special;
    private final int[] prefix;
    private final int[] suffix;
    private final String unknown;
    private final int unknownLength;
    private final int size;

    LlamaTokenizer(SentencePieceModel file, ObjectNode config, Map<String, Path> files) {
        legacy = TokenizerJson.bool(config, "legacy", true);
        addPrefixSpace = TokenizerJson.bool(config, "add_prefix_space", true);
        splitSpecialTokens = TokenizerJson.bool(config, "split_special_tokens", false);
        cleanUpSpaces = TokenizerJson.bool(config, "clean_up_tokenization_spaces", false);
        model = legacy ? file : file.withoutDummyPrefix();
        AddedTokens added = AddedTokens.read(config, files, DEFAULTS);
        addedById = new TreeMap<>(added.byId());
        number(added.special());
        splitter = new AddedTokenSplitter(addedById.values());
        pieceIds = new int[model.size()];
        for (int id = 0; id < pieceIds.length; id++) {
            pieceIds[id] = idOrUnknown(model.piece(id));
        }
        notInLiteral = model.controlSymbols();
        int last = model.size() - 1;
        for (Map.Entry<Integer, AddedToken> entry : addedById.entrySet()) {
            last = Math.max(last, entry.getKey());
            if (entry.getKey() < model.size()
                    && SymbolMatcher.isControl(entry.getValue().content())) {
                notInLiteral.set(entry.getKey());
            }
        }
        size = last + 1;
        apart = new HashSet<>(addedIds.keySet());
        apart.removeAll(specialNames);
        added.additional().stream()
                .map(AddedToken::content)
                .filter(name -> idOrUnknown(name) >= model.size())
                .forEach(apart::add);
        special = specialTokens(added);
        prefix = fixed(config, "add_bos_token", true, "bos_token", special.bos());
        suffix = fixed(config, "add_eos_token", false, "eos_token", special.eos());
        unknown = special.byRole().getOrDefault("unk_token", "");
        unknownLength = model.encode(MarkedText.of(unknown), notInLiteral).ids().length;
    }

    /** Gives the special tokens that the files give no id the one of their piece, or one behind the vocabulary. */
    private void number(List<AddedToken> tokens) {
        Map<String, Integer> vocabulary = new HashMap<>();
        for (int id = 0; id < model.size(); id++) {
            vocabulary.put(model.piece(id), id);
        }
        addedById.forEach((id, token) -> {
            vocabulary.put(token.content(), id);
            addedIds.put(token.content(), id);
        });
        for (AddedToken token : tokens) {
            specialNames.add(token.content());
            int next = vocabulary.size();
            int id = vocabulary.computeIfAbsent(token.content(), name -> next);
            addedById.put(id, token);
            addedIds.put(token.content(), id);
        }
    }

    private SpecialTokens specialTokens(AddedTokens added) {
        Map<String, String> roles = new HashMap<>();
        added.roles().forEach((role, token) -> roles.put(role, token.content()));
        Set<Integer> ids = new HashSet<>();
        specialNames.forEach(name -> ids.add(idOrUnknown(name)));
        return new SpecialTokens(idOf(roles, "bos_token"), idOf(roles, "eos_token"), roles, ids);
    }

    private OptionalInt idOf(Map<String, String> roles, String role) {
        String name = roles.get(role);
        return name == null ? OptionalInt.empty() : OptionalInt.of(idOrUnknown(name));
    }

    private static int[] fixed(ObjectNode config, String flag, boolean fallback, String role, OptionalInt id) {
        if (!TokenizerJson.bool(config, flag, fallback)) {
            return new int[0];
        }
        return new int[] {
            id.orElseThrow(() -> new InvalidModelException("tokenizer configuration: " + flag + " is true, but " + role
                    + " is not set; set it or turn the flag off"))
        };
    }

    private int idOrUnknown(String token) {
        Integer id = addedIds.get(token);
        return id != null ? id : model.id(token);
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        IntArray ids = new IntArray(text.text().length() / 2);
        if (addSpecialTokens) {
            ids.addAll(prefix);
        }
        ids.addAll(encodeText(text));
        if (addSpecialTokens) {
            ids.addAll(suffix);
        }
        return ids.toArray();
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        int[] one = encode(first, true);
        int[] two = encode(second, true);
        IntArray ids = new IntArray(one.length + two.length);
        ids.addAll(one);
        ids.addAll(two);
        int[] types = new int[ids.size()];
        java.util.Arrays.fill(types, one.length, types.length, 1);
        return new EncodedPair(ids.toArray(), types);
    }

    private int[] encodeText(MarkedText given) {
        MarkedText text = given.withText(Utf8.wellFormed(given.text()));
        if (!legacy && !text.text().isEmpty()) {
            text = text.withText(text.text().replace(SPACE_MARK, " "));
            text = addPrefixSpace ? MarkedText.of(SPACE_MARK).plus(text) : text;
        }
        List<AddedTokenSplitter.Part> parts =
                splitSpecialTokens ? List.of(new AddedTokenSplitter.Part(text, null)) : splitter.split(text);
        IntArray ids = new IntArray(text.text().length() / 2);
        List<String> firstTokens = new ArrayList<>(2);
        for (AddedTokenSplitter.Part part : parts) {
            AddedToken token = part.token();
            if (token != null) {
                ids.add(idOrUnknown(token.content()));
                note(firstTokens, token.content());
            } else {
                encodePart(part.text(), ids, firstTokens);
            }
        }
        boolean spaceBeforeSpecial = !legacy
                && firstTokens.size() > 1
                && firstTokens.get(0).equals(SPACE_MARK)
                && specialNames.contains(firstTokens.get(1));
        int[] all = ids.toArray();
        return spaceBeforeSpecial ? java.util.Arrays.copyOfRange(all, 1, all.length) : all;
    }

    /** Without the dummy prefix sentencepiece loses a space at the beginning: so something stands before it. */
    private void encodePart(MarkedText text, IntArray ids, List<String> firstTokens) {
        boolean guarded =
                !legacy && (text.text().startsWith(SPACE_MARK) || text.text().startsWith(" "));
        SentencePieceModel.Encoded encoded =
                model.encode(guarded ? MarkedText.of(unknown).plus(text) : text, notInLiteral);
        int skipped = guarded && encoded.ids().length >= unknownLength ? unknownLength : 0;
        for (int i = skipped; i < encoded.ids().length; i++) {
            int id = encoded.ids()[i];
            String piece = encoded.pieces().get(i);
            ids.add(id == model.unknownId() ? idOrUnknown(piece) : pieceIds[id]);
            note(firstTokens, piece);
        }
    }

    private static void note(List<String> firstTokens, String token) {
        if (firstTokens.size() < 2) {
            firstTokens.add(token);
        }
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StringBuilder text = new StringBuilder();
        List<String> run = new ArrayList<>();
        boolean first = true;
        for (int id : ids) {
            String name = token(id);
            if (skipSpecialTokens && special.ids().contains(id)) {
                continue;
            }
            if (!apart.contains(name)) {
                run.add(name);
                continue;
            }
            String before = join(run);
            if (!before.isEmpty()) {
                text.append(first ? "" : " ").append(before);
                first = false;
            }
            run.clear();
            text.append(first ? "" : " ").append(name);
            first = false;
        }
        if (!run.isEmpty()) {
            text.append(first ? "" : " ").append(join(run));
        }
        return cleanUpSpaces ? PythonText.cleanUpSpaces(text.toString()) : text.toString();
    }

    /** {@code convert_tokens_to_string}. */
    private String join(List<String> tokens) {
        StringBuilder text = new StringBuilder();
        List<String> pieces = new ArrayList<>();
        boolean afterSpecial = false;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (i == 0 && addPrefixSpace && token.startsWith(SPACE_MARK)) {
                token = token.substring(1);
            }
            if (specialNames.contains(token)) {
                if (!afterSpecial && i != 0 && legacy) {
                    text.append(' ');
                }
                text.append(model.decode(pieces)).append(token);
                pieces.clear();
                afterSpecial = true;
            } else {
                if (afterSpecial && i == 1 && addPrefixSpace && !token.startsWith(SPACE_MARK)) {
                    text.append(' ');
                }
                pieces.add(token);
                afterSpecial = false;
            }
        }
        return text.append(model.decode(pieces)).toString();
    }

    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        return skipSpecialTokens ? new Stream() : Detokenizer.ofBytes(this, false);
    }

    /** {@link #decode} without special tokens, token by token. */
    private final class Stream implements Detokenizer {
        private PieceDecoder pieces = model.decoder();
        private boolean startOfRun = true;
        private boolean spaceBeforeRun;
        private boolean empty = true;

        @Override
        public byte[] next(int id) {
            String name = token(id);
            if (special.ids().contains(id)) {
                return new byte[0];
            }
            if (apart.contains(name)) {
                String text = empty ? name : " " + name;
                pieces = model.decoder();
                startOfRun = true;
                spaceBeforeRun = true;
                empty = false;
                return Utf8.encode(text);
            }
            boolean marked = startOfRun && addPrefixSpace && name.startsWith(SPACE_MARK);
            startOfRun = false;
            byte[] bytes = pieces.next(marked ? name.substring(1) : name);
            if (bytes.length == 0 || !spaceBeforeRun) {
                empty &= bytes.length == 0;
                return bytes;
            }
            spaceBeforeRun = false;
            byte[] spaced = new byte[bytes.length + 1];
            spaced[0] = ' ';
            System.arraycopy(bytes, 0, spaced, 1, bytes.length);
            return spaced;
        }
    }

    @Override
    public byte[] bytes(int id) {
        AddedToken added = addedById.get(id);
        return added != null || id >= model.size() ? Utf8.encode(token(id)) : model.bytes(check(id));
    }

    @Override
    public boolean dropsLeadingSpace() {
        return leadingSpacesDropped() > 0;
    }

    @Override
    public int leadingSpacesDropped() {
        int ofModel = model.leadingSpacesDropped();
        return ofModel == Integer.MAX_VALUE || !addPrefixSpace ? ofModel : ofModel + 1;
    }

    @Override
    public String token(int id) {
        AddedToken added = addedById.get(check(id));
        return added != null ? added.content() : id < model.size() ? model.piece(id) : "";
    }

    @Override
    public OptionalInt id(String token) {
        return addedIds.containsKey(token) || model.contains(token)
                ? OptionalInt.of(idOrUnknown(token))
                : OptionalInt.empty();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int vocabularySize() {
        return model.size();
    }

    @Override
    public SpecialTokens specialTokens() {
        return special;
    }

    private int check(int id) {
        if (id < 0 || id >= size) {
            throw new InvalidRequestException(
                    "token id " + id + " is not in this vocabulary (0 to " + (size - 1) + ")");
        }
        return id;
    }
}
