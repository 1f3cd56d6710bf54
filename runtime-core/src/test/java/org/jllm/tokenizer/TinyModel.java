package org.jllm.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes small sentencepiece models. */
final class TinyModel {
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private final ByteArrayOutputStream trainer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream normalizer = new ByteArrayOutputStream();

    private TinyModel(int modelType) {
        varint(trainer, 3, modelType);
    }

    static TinyModel of(int modelType) {
        return new TinyModel(modelType).normalizer(3, 0).normalizer(4, 0).piece("<unk>", 0, PieceType.UNKNOWN);
    }

    TinyModel piece(String text, float score, PieceType type) {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        bytes(piece, 1, text.getBytes(StandardCharsets.UTF_8));
        piece.write(2 << 3 | 5);
        piece.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(score)
                .array());
        varint(
                piece,
                3,
                switch (type) {
                    case NORMAL -> 1;
                    case UNKNOWN -> 2;
                    case CONTROL -> 3;
                    case USER_DEFINED -> 4;
                    case UNUSED -> 5;
                    case BYTE -> 6;
                });
        bytes(pieces, 1, piece.toByteArray());
        return this;
    }

    TinyModel piece(String text, float score) {
        return piece(text, score, PieceType.NORMAL);
    }

    TinyModel trainer(int field, int value) {
        varint(trainer, field, value);
        return this;
    }

    TinyModel normalizer(int field, int value) {
        varint(normalizer, field, value);
        return this;
    }

    TinyModel charsMap(byte[] blob) {
        bytes(normalizer, 2, blob);
        return this;
    }

    byte[] toBytes() {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        model.writeBytes(pieces.toByteArray());
        bytes(model, 2, trainer.toByteArray());
        bytes(model, 3, normalizer.toByteArray());
        return model.toByteArray();
    }

    SentencePieceModel build() {
        return SentencePieceModel.parse(toBytes(), "tiny.model");
    }

    private static void varint(ByteArrayOutputStream out, int field, int value) {
        varint(out, field << 3);
        varint(out, value);
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] content) {
        varint(out, field << 3 | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7F) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
