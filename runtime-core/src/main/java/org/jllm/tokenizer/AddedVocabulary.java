package org.jllm.tokenizer;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jllm.api.InvalidRequestException;

/** A sentencepiece model's pieces and the tokens that are added to them, numbered as the Python classes do. */
final class AddedVocabulary {
    private final SentencePieceModel model;
    private final Map<Integer, AddedToken> addedById;
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final Set<String> specialNames = new LinkedHashSet<>();
    private final Set<String> apart;
    private final SpecialTokens special;
    private final int[] pieceIds;
    private final int size;

    AddedVocabulary(SentencePieceModel model, AddedTokens added) {
        this.model = model;
        addedById = new TreeMap<>(added.byId());
        number(added);
        pieceIds = new int[model.size()];
        for (int id = 0; id < pieceIds.length; id++) {
            pieceIds[id] = idOrUnknown(model.piece(id));
        }
        int last = addedById.keySet().stream().max(Integer::compare).orElse(-1);
        size = Math.max(last + 1, model.size());
        apart = new HashSet<>(addedIds.keySet());
        apart.removeAll(specialNames);
        added.additional().stream()
                .map(AddedToken::content)
                .filter(name -> idOrUnknown(name) >= model.size())
                .forEach(apart::add);
        Map<String, String> roles = new HashMap<>();
        added.roles().forEach((role, token) -> roles.put(role, token.content()));
        Set<Integer> ids = new HashSet<>();
        specialNames.forEach(name -> ids.add(idOrUnknown(name)));
        special = new SpecialTokens(idOf(roles, "bos_token"), idOf(roles, "eos_token"), roles, ids);
    }

    /** Gives the special tokens that the files give no id the one of their piece, or one behind the vocabulary. */
    private void number(AddedTokens added) {
        Map<String, Integer> vocabulary = new HashMap<>();
        for (int id = 0; id < model.size(); id++) {
            vocabulary.put(model.piece(id), id);
        }
        addedById.forEach((id, token) -> {
            vocabulary.put(token.content(), id);
            addedIds.put(token.content(), id);
        });
        for (AddedToken token : added.special()) {
            specialNames.add(token.content());
            int next = vocabulary.size();
            int id = vocabulary.computeIfAbsent(token.content(), name -> next);
            addedById.put(id, token);
            addedIds.put(token.content(), id);
        }
    }

    private OptionalInt idOf(Map<String, String> roles, String role) {
        String name = roles.get(role);
        return name == null ? OptionalInt.empty() : OptionalInt.of(idOrUnknown(name));
    }

    Iterable<AddedToken> addedTokens() {
        return addedById.values();
    }

    boolean isAdded(int id) {
        return addedById.containsKey(id);
    }

    SpecialTokens special() {
        return special;
    }

    boolean isSpecial(String name) {
        return specialNames.contains(name);
    }

    /** Whether decoding sets an added token apart by spaces. */
    boolean isApart(String name) {
        return apart.contains(name);
    }

    int idOrUnknown(String token) {
        Integer id = addedIds.get(token);
        return id != null ? id : model.id(token);
    }

    /** The id that the name of a piece has: added tokens go before. */
    int idOfPiece(int piece) {
        return pieceIds[piece];
    }

    OptionalInt id(String token) {
        return addedIds.containsKey(token) || model.contains(token)
                ? OptionalInt.of(idOrUnknown(token))
                : OptionalInt.empty();
    }

    /** The name of an id; empty for a number that nothing has. */
    String token(int id) {
        if (id < 0 || id >= size) {
            throw new InvalidRequestException(
                    "token id " + id + " is not in this vocabulary (0 to " + (size - 1) + ")");
        }
        AddedToken added = addedById.get(id);
        return added != null ? added.content() : id < model.size() ? model.piece(id) : "";
    }

    int size() {
        return size;
    }

    /** Pieces that literal text must not become. */
    BitSet notInLiteral() {
        BitSet ids = model.controlSymbols();
        addedById.forEach((id, token) -> {
            if (id < model.size() && SymbolMatcher.isControl(token.content())) {
                ids.set(id);
            }
        });
        return ids;
    }
}
