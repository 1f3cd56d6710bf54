package org.jllm.encoding;

/**
 * Entities of a text. The arrays are not copied.
 *
 * @param ids of the entities in the model's entity vocabulary
 * @param positions of each entity the positions of the tokens that it covers, at least one
 * @param types the token type of each entity
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Entities(int[] ids, int[][] positions, int[] types) {
    private static final Entities NONE = new Entities(new int[0], new int[0][], new int[0]);

    public Entities {
        if (positions.length != ids.length || types.length != ids.length) {
            throw new IllegalArgumentException(ids.length + " entities with " + positions.length + " lists of positions"
                    + " and " + types.length + " types");
        }
    }

    /** No entity. */
    public static Entities none() {
        return NONE;
    }
}
