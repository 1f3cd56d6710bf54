package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;

/** The pieces of a sentencepiece model by id and by text (model_interface.cc). */
final class Vocabulary {
    private static final int NO_BYTE = -1;

    private final List<SentencePieceFile.Piece> pieces;
    /** Pieces that take part in the segmentation. */
    final ByteTrie text;

    private final Map<String, Integer> textIds = new HashMap<>();
    private final Map<String, Integer> reservedIds = new HashMap<>();
    private final int[] resolved;
    private final int[] byteIds = new int[256];
    private final int[] byteValues;
    final int unknownId;
    final boolean byteFallback;
    final int longestPiece;

    Vocabulary(SentencePieceFile file) {
        pieces = List.copyOf(file.pieces);
        byteFallback = file.byteFallback;
        byteValues = new int[pieces.size()];
        Arrays.fill(byteIds, NO_BYTE);
        int unknown = -1;
        List<byte[]> keys = new ArrayList<>();
        List<Integer> values = new ArrayList<>();
        int longest = 0;
        for (int id = 0; id < pieces.size(); id++) {
            SentencePieceFile.Piece piece = pieces.get(id);
            byteValues[id] = NO_BYTE;
            Map<String, Integer> ids = piece.type().isText() ? textIds : reservedIds;
            Integer first = ids.putIfAbsent(piece.text(), id);
            if (first != null) {
                throw invalid(file, "pieces " + first + " and " + id + " are both \"" + oneLine(piece.text()) + "\"");
            }
            if (piece.type().isText()) {
                byte[] key = Utf8.encode(piece.text());
                keys.add(key);
                values.add(id);
                longest = Math.max(longest, key.length);
            } else if (piece.type() == PieceType.UNKNOWN) {
                if (unknown >= 0) {
                    throw invalid(file, "pieces " + unknown + " and " + id + " are both the unknown one");
                }
                unknown = id;
            } else if (piece.type() == PieceType.BYTE) {
                readByte(file, id);
            }
        }
        if (unknown < 0) {
            throw invalid(file, "no piece is of the type UNKNOWN among " + pieces.size());
        }
        unknownId = unknown;
        longestPiece = longest;
        if (byteFallback) {
            for (int value = 0; value < 256; value++) {
                if (byteIds[value] == NO_BYTE) {
                    throw invalid(file, "it has byte fallback, but no piece " + bytePiece(value));
                }
            }
        }
        text = new ByteTrie(
                keys.toArray(byte[][]::new),
                values.stream().mapToInt(Integer::intValue).toArray());
        resolved = new int[pieces.size()];
        for (int id = 0; id < resolved.length; id++) {
            resolved[id] = id(pieces.get(id).text());
        }
    }

    private void readByte(SentencePieceFile file, int id) {
        String name = pieces.get(id).text();
        int value = byteOf(name);
        if (value == NO_BYTE || !byteFallback) {
            throw invalid(
                    file,
                    "the byte piece \"" + oneLine(name) + "\" "
                            + (byteFallback ? "names no byte" : "is there although byte_fallback is false"));
        }
        byteIds[value] = id;
        byteValues[id] = value;
    }

    int size() {
        return pieces.size();
    }

    String piece(int id) {
        return pieces.get(id).text();
    }

    float score(int id) {
        return pieces.get(id).score();
    }

    PieceType type(int id) {
        return pieces.get(id).type();
    }

    /** The id of a text: a reserved piece first, then one of the text, else the unknown one. */
    int id(String piece) {
        Integer reserved = reservedIds.get(piece);
        return reserved != null ? reserved : textIds.getOrDefault(piece, unknownId);
    }

    /** What {@link #id} gives for the text of a piece. */
    int resolved(int id) {
        return resolved[id];
    }

    boolean contains(String piece) {
        return reservedIds.containsKey(piece) || textIds.containsKey(piece);
    }

    int byteId(int value) {
        return byteIds[value];
    }

    /** The byte that a piece stands for, or a negative number. */
    int byteValue(int id) {
        return byteValues[id];
    }

    /** The byte that a name such as {@code <0x0A>} stands for, or a negative number. */
    static int byteOf(String name) {
        if (name.length() == 6 && name.startsWith("<0x") && name.charAt(5) == '>') {
            int high = "0123456789ABCDEF".indexOf(name.charAt(3));
            int low = "0123456789ABCDEF".indexOf(name.charAt(4));
            return high < 0 || low < 0 ? NO_BYTE : high << 4 | low;
        }
        return NO_BYTE;
    }

    private static String bytePiece(int value) {
        return String.format("<0x%02X>", value);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static InvalidModelException invalid(SentencePieceFile file, String what) {
        return new InvalidModelException(
                file.name + " is no usable sentencepiece model: " + what + "; get the file anew");
    }
}
