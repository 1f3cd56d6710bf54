package org.jllm.torch;

/** What a decoder keeps of each sequence. */
sealed interface CacheShape {
    /** The frame of decoders that use it. */
    ScriptFrame frame();

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
        public ScriptFrame frame() {
            return ScriptFrame.DECODER;
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
        public ScriptFrame frame() {
            return ScriptFrame.RECURRENT_DECODER;
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
