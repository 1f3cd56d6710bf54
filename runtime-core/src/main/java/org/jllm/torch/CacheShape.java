package org.jllm.torch;

import java.util.List;

/** What a decoder keeps of each sequence. */
sealed interface CacheShape {
    /** Resources of scripts, without {@code .py}, for decoders that use it. */
    List<String> sources();

    /** The full name of the script's class. */
    String cacheClass();

    /** The full name of the interface of decoders that use it. */
    String decoderClass();

    /** What the constructor of that class is told, for so many slots. */
    long[] sizes(int slots);

    /** Bytes of a position of one sequence, or of its whole state where that does not grow. */
    long unitBytes(Precision precision);

    /** Bytes that one more position of a sequence takes. */
    long positionBytes(Precision precision);

    /** Bytes of one sequence of so many positions. */
    long bytes(int positions, Precision precision);

    /**
     * Keys and values of every position.
     *
     * @param layers that keep them
     * @param heads key heads of such a layer
     * @param size width of a key head
     */
    record KeysAndValues(int layers, int heads, int size) implements CacheShape {
        @Override
        public List<String> sources() {
            return List.of("rotary", "attention", "decoder");
        }

        @Override
        public String cacheClass() {
            return "__torch__.cache.KvCache";
        }

        @Override
        public String decoderClass() {
            return "__torch__.decoder.Decoder";
        }

        @Override
        public long[] sizes(int slots) {
            return new long[] {slots, layers, heads, size};
        }

        @Override
        public long unitBytes(Precision precision) {
            return 2L * layers * heads * size * precision.bytes();
        }

        @Override
        public long positionBytes(Precision precision) {
            return unitBytes(precision);
        }

        @Override
        public long bytes(int positions, Precision precision) {
            return positions * unitBytes(precision);
        }
    }

    /**
     * A state of constant size, in float32.
     *
     * @param layers that have one
     * @param zeros numbers of a layer's state that begin as 0
     * @param lowest numbers after those, which begin as the logarithm of nothing
     */
    record RecurrentState(int layers, long zeros, long lowest) implements CacheShape {
        @Override
        public List<String> sources() {
            return List.of("state");
        }

        @Override
        public String cacheClass() {
            return "__torch__.state.StateCache";
        }

        @Override
        public String decoderClass() {
            return "__torch__.state.Decoder";
        }

        @Override
        public long[] sizes(int slots) {
            return new long[] {layers, zeros, lowest};
        }

        @Override
        public long unitBytes(Precision precision) {
            return layers * (zeros + lowest) * Float.BYTES;
        }

        @Override
        public long positionBytes(Precision precision) {
            return 0;
        }

        @Override
        public long bytes(int positions, Precision precision) {
            return unitBytes(precision);
        }
    }
}
