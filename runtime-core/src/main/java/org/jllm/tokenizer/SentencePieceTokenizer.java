package org.jllm.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jllm.api.InvalidRequestException;

/**
 * A sentencepiece model by itself: nothing is added, control symbols that are written in a text are text, user-defined
 * symbols are pieces. Two texts are encoded one behind the other.
 */
final class SentencePieceTokenizer implements Tokenizer {
    private final SentencePieceModel model;
    private final SpecialTokens special;

    SentencePieceTokenizer(SentencePieceModel model) {
        this.model = model;
        SentencePieceFile file = model.file();
        Map<String, String> roles = new HashMap<>();
        roles.put("unk_token", model.piece(model.unknownId()));
        Map.of("bos_token", file.bosPiece, "eos_token", file.eosPiece, "pad_token", file.padPiece)
                .forEach((role, piece) -> {
                    if (model.contains(piece)) {
                        roles.put(role, piece);
                    }
                });
        Set<Integer> ids = new HashSet<>();
        for (int id = 0; id < model.size(); id++) {
            if (model.type(id) == PieceType.CONTROL) {
                ids.add(id);
            }
        }
        special = new SpecialTokens(known(file.bosPiece), known(file.eosPiece), roles, ids);
    }

    private OptionalInt known(String piece) {
        return model.contains(piece) ? OptionalInt.of(model.id(piece)) : OptionalInt.empty();
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        return model.encode(text, model.controlSymbols());
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        int[] ids = model.encode(first);
        int[] more = model.encode(second);
        int[] all = Arrays.copyOf(ids, ids.length + more.length);
        System.arraycopy(more, 0, all, ids.length, more.length);
        int[] types = new int[all.length];
        Arrays.fill(types, ids.length, all.length, 1);
        return new EncodedPair(all, types);
    }

    /** Control pieces are left out in any case, as the library does. */
    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        for (int id : ids) {
            check(id);
        }
        return model.decode(ids);
    }

    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        if (!skipSpecialTokens) {
            return new BytesDetokenizer(this, false);
        }
        JoinStyle.Run run = new SentencePieceStyle(model, SentencePieceStyle.Spaces.AS_PIECES, false, false)
                .start(Utf8Assembler.Invalid.DROP);
        return new Detokenizer() {
            @Override
            public String next(int id) {
                StringBuilder text = new StringBuilder();
                run.add(id, token(id), false, text);
                return text.toString();
            }

            @Override
            public String finish() {
                StringBuilder text = new StringBuilder();
                run.end(text);
                return text.toString();
            }
        };
    }

    @Override
    public byte[] bytes(int id) {
        check(id);
        return model.bytes(id);
    }

    @Override
    public int leadingSpacesDropped() {
        return model.leadingSpacesDropped();
    }

    @Override
    public String token(int id) {
        check(id);
        return model.piece(id);
    }

    @Override
    public OptionalInt id(String token) {
        return known(token);
    }

    @Override
    public int size() {
        return model.size();
    }

    @Override
    public SpecialTokens specialTokens() {
        return special;
    }

    private void check(int id) {
        if (id < 0 || id >= model.size()) {
            throw new InvalidRequestException(
                    "token id " + id + " is not in this vocabulary (0 to " + (model.size() - 1) + ")");
        }
    }
}
