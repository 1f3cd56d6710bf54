package org.jllm.tokenizer;

import java.util.ArrayList;
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

/** The tokens of a model and those that are added to them, numbered as the Python classes do. */
final class AddedVocabulary {
    private final BaseVocabulary model;
    private final Map<Integer, AddedToken> addedById;
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final Set<String> specialNames = new LinkedHashSet<>();
    private final Set<String> apart;
    private final SpecialTokens special;
    private final int unknownId;
    private final int size;
    private int length;

    AddedVocabulary(BaseVocabulary model, AddedTokens added) {
        this(model, added, false);
    }

    private AddedVocabulary(BaseVocabulary model, AddedTokens added, boolean unknownByName) {
        this.model = model;
        addedById = new TreeMap<>(added.byId());
        number(added);
        AddedToken unknown = unknownByName ? added.roles().get("unk_token") : null;
        int named = unknown == null ? BaseVocabulary.NONE : find(unknown.content());
        unknownId = named == BaseVocabulary.NONE ? model.unknownId() : named;
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

    /** Where unknown names have the id of the token in the role {@code unk_token}, whichever that is. */
    static AddedVocabulary withUnknownByName(BaseVocabulary model, AddedTokens added) {
        return new AddedVocabulary(model, added, true);
    }

    /** Gives the special tokens that the files give no id the one of their piece, or one behind the vocabulary. */
    private void number(AddedTokens added) {
        length = model.names();
        for (Map.Entry<Integer, AddedToken> entry : addedById.entrySet()) {
            String name = entry.getValue().content();
            length += model.id(name) == BaseVocabulary.NONE && entry.getKey() >= model.size() ? 1 : 0;
            addedIds.put(name, entry.getKey());
        }
        for (AddedToken token : added.special()) {
            if (!token.special()) {
                continue;
            }
            String name = token.content();
            specialNames.add(name);
            Integer known = addedIds.get(name);
            int id = known != null ? known : model.lastId(name);
            if (id == BaseVocabulary.NONE) {
                id = length++;
            }
            if (known == null) {
                addedById.put(id, token);
                addedIds.put(name, id);
            }
        }
    }

    private OptionalInt idOf(Map<String, String> roles, String role) {
        String name = roles.get(role);
        return name == null ? OptionalInt.empty() : OptionalInt.of(idOrUnknown(name));
    }

    /** The id of the token in a role that the class needs. */
    int idOfRole(String role) {
        String name = special.byRole().get(role);
        if (name == null) {
            throw new InvalidModelException("tokenizer configuration: " + role + " is not set; the class needs it");
        }
        return idOrUnknown(name);
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

    boolean isAddedName(String name) {
        return addedIds.containsKey(name);
    }

    int idOrUnknown(String token) {
        int id = find(token);
        return id == BaseVocabulary.NONE ? unknownId : id;
    }

    OptionalInt id(String token) {
        int id = find(token);
        return id == BaseVocabulary.NONE ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private int find(String token) {
        Integer id = addedIds.get(token);
        return id != null ? id : model.id(token);
    }

    /** For each id of the model the one that its name has: added tokens go before. */
    int[] idsOfBase() {
        int[] ids = new int[model.size()];
        for (int id = 0; id < ids.length; id++) {
            Integer added = addedIds.get(model.token(id));
            ids[id] = added != null ? added : id;
        }
        return ids;
    }

    /** The name of an id; empty for a number that nothing has. */
    String token(int id) {
        if (id < 0 || id >= size) {
            throw new InvalidRequestException(
                    "token id " + id + " is not in this vocabulary (0 to " + (size - 1) + ")");
        }
        AddedToken added = addedById.get(id);
        return added != null ? added.content() : id < model.size() ? model.token(id) : "";
    }

    int size() {
        return size;
    }

    /** How many names there are, as Python's {@code len} counts them. */
    int length() {
        return length;
    }

    /** Tokens that literal text must not become. */
    Set<String> controlNames() {
        Set<String> names = new HashSet<>(addedIds.keySet());
        names.removeIf(name -> !SymbolMatcher.isControl(name));
        return names;
    }

    /** What lower-casing of a text leaves alone, in the order in which it is looked for. */
    List<String> keptByLowerCasing() {
        List<String> names = new ArrayList<>(specialNames);
        addedById.values().stream()
                .filter(token -> !token.special() && token.normalized())
                .forEach(token -> names.add(token.content()));
        return names;
    }
}
