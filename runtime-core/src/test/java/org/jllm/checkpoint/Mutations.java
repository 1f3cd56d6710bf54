package org.jllm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages bytes, by chance and by intent. The same seed does the same. */
final class Mutations {
    private static final long[] ABSURD = {
        -1,
        0,
        0xff,
        0xffff,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffff_ffffL,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    /** What a hostile pickle is made of: calls, references to itself, counts without bound. */
    private static final List<byte[]> OPCODES = List.of(
            "cos\nsystem\n(X\u0002\u0000\u0000\u0000lstR".getBytes(StandardCharsets.ISO_8859_1),
            "cbuiltins\neval\n".getBytes(StandardCharsets.ISO_8859_1),
            "(iposix\nsystem\n".getBytes(StandardCharsets.ISO_8859_1),
            new byte[] {'h', 0, 'h', 0, 's'},
            new byte[] {'h', 1, 'h', 1, 'a'},
            new byte[] {'(', 'h', 0, 'h', 0, 'u'},
            new byte[] {(byte) 0x8d, -1, -1, -1, -1, -1, -1, -1, 127},
            new byte[] {(byte) 0x8b, -1, -1, -1, 127},
            new byte[] {'X', -1, -1, -1, -1},
            new byte[] {'2', '2', (byte) 0x87},
            new byte[] {'(', '(', '('},
            new byte[] {'0'},
            new byte[] {'1'},
            new byte[] {'t'},
            new byte[] {'R'},
            new byte[] {'Q'},
            new byte[] {'b'},
            new byte[] {'.'});

    private final Random random;

    Mutations(long seed) {
        random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    byte[] damage(byte[] sound) {
        return switch (below(6)) {
            case 0 -> Arrays.copyOf(sound, below(sound.length));
            case 1 -> flip(sound, 1);
            case 2 -> flip(sound, 1 + below(20));
            case 3 -> absurd(sound);
            case 4 -> splice(sound, OPCODES.get(below(OPCODES.size())));
            default -> splice(sound, Arrays.copyOfRange(sound, below(sound.length), sound.length));
        };
    }

    private byte[] flip(byte[] sound, int times) {
        byte[] bytes = sound.clone();
        for (int i = 0; i < times; i++) {
            bytes[below(bytes.length)] ^= (byte) (1 << below(8));
        }
        return bytes;
    }

    /** Writes a number of four or eight bytes over what is there. */
    private byte[] absurd(byte[] sound) {
        byte[] number = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(ABSURD[below(ABSURD.length)])
                .array();
        byte[] bytes = sound.clone();
        int length = random.nextBoolean() ? 4 : 8;
        System.arraycopy(number, 0, bytes, below(bytes.length - length), length);
        return bytes;
    }

    private byte[] splice(byte[] sound, byte[] inserted) {
        int at = below(sound.length);
        return ByteBuffer.allocate(sound.length + inserted.length)
                .put(sound, 0, at)
                .put(inserted)
                .put(sound, at, sound.length - at)
                .array();
    }
}
