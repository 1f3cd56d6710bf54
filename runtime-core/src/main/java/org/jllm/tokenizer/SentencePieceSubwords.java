package org.jllm.tokenizer;

import java.util.BitSet;
import java.util.Collection;
import java.util.Map;

/** A sentencepiece model as the sub-word step of a Python class, with the ids that the class gives its pieces. */
final class SentencePieceSubwords implements SubwordModel {
    /** How a class hands its text to the model. */
    interface Cutter {
        void cut(MarkedText text, BitSet notInLiteral, PieceSink sink);
    }

    /**
     * How the ids of a class are made of those of the model.
     *
     * @param offset what is added to the id of a piece
     * @param fixed ids of names that the class gives itself
     * @param shiftsUnknown whether piece 0 has the id of {@code <unk>} instead of its own
     * @param size number of ids
     * @param reported what the class says that number is
     */
    record Ids(int offset, Map<String, Integer> fixed, boolean shiftsUnknown, int size, int reported) {
        static Ids ofPieces(SentencePieceModel model) {
            return new Ids(0, Map.of(), false, model.size(), model.size());
        }

        static Ids ofFairseq(Map<String, Integer> fixed, int size) {
            return new Ids(1, fixed, true, size, size);
        }
    }

    private final SentencePieceModel model;
    private final Cutter cutter;
    private final Ids ids;
    private final Map<Integer, String> fixedNames;
    private final int unknownId;
    private final BitSet notInLiteral;

    SentencePieceSubwords(SentencePieceModel model, Cutter cutter, Ids ids, int unknownId) {
        this(model, cutter, ids, unknownId, model.controlSymbols());
    }

    private SentencePieceSubwords(
            SentencePieceModel model, Cutter cutter, Ids ids, int unknownId, BitSet notInLiteral) {
        this.model = model;
        this.cutter = cutter;
        this.ids = ids;
        this.unknownId = unknownId;
        this.notInLiteral = notInLiteral;
        fixedNames = Inverse.of(ids.fixed);
    }

    @Override
    public SubwordModel withControl(Collection<String> names) {
        BitSet barred = model.controlSymbols();
        names.stream().filter(model::contains).forEach(name -> barred.set(model.id(name)));
        return new SentencePieceSubwords(model, cutter, ids, unknownId, barred);
    }

    @Override
    public void encode(MarkedText text, Output output) {
        if (ids.offset == 0 && ids.fixed.isEmpty()) {
            cutter.cut(text, notInLiteral, output::add);
        } else {
            cutter.cut(text, notInLiteral, (id, piece) -> output.add(idOf(id, piece), piece));
        }
    }

    private int idOf(int pieceId, String piece) {
        Integer known = ids.fixed.get(piece);
        return known != null ? known : shifted(pieceId);
    }

    private int shifted(int pieceId) {
        return pieceId == 0 && ids.shiftsUnknown ? unknownId : pieceId + ids.offset;
    }

    @Override
    public int size() {
        return ids.size;
    }

    @Override
    public int vocabularySize() {
        return ids.reported;
    }

    @Override
    public String token(int id) {
        String name = fixedNames.get(id);
        int piece = id - ids.offset;
        return name != null ? name : piece >= 0 && piece < model.size() ? model.piece(piece) : "";
    }

    @Override
    public int id(String token) {
        return ids.fixed.containsKey(token) || model.contains(token) ? idOf(model.id(token), token) : NONE;
    }

    /** A name that the class gives an id may be the name of a piece, too. */
    @Override
    public int lastId(String token) {
        return Math.max(ids.fixed.getOrDefault(token, NONE), visibleId(token));
    }

    private int visibleId(String token) {
        int id = model.contains(token) ? model.id(token) + ids.offset : NONE;
        return id < ids.size && !fixedNames.containsKey(id) ? id : NONE;
    }

    @Override
    public int names() {
        return ids.size
                - (int) ids.fixed.keySet().stream()
                        .filter(name -> visibleId(name) != NONE)
                        .count();
    }

    @Override
    public int unknownId() {
        return shifted(model.unknownId());
    }
}
