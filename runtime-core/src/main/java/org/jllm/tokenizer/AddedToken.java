package org.jllm.tokenizer;

/**
 * A token that is cut out of a text before the model sees it, with the flags of Hugging Face's class of that name.
 *
 * @param leftStrip it takes the white space before it
 * @param rightStrip it takes the white space after it
 * @param singleWord it counts only as a word of its own
 * @param normalized it is looked for in the normalised text
 * @param special it steers the model and can be left out by decoding
 */
record AddedToken(
        String content,
        boolean leftStrip,
        boolean rightStrip,
        boolean singleWord,
        boolean normalized,
        boolean special) {

    /** A special token without further flags. */
    static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }

    /** A special token that takes the white space before it. */
    static AddedToken leftStripping(String content) {
        return new AddedToken(content, true, false, false, false, true);
    }

    /** A token with the flags of this one. */
    AddedToken withContent(String other) {
        return new AddedToken(other, leftStrip, rightStrip, singleWord, normalized, special);
    }

    AddedToken asOrdinary() {
        return new AddedToken(content, leftStrip, rightStrip, singleWord, normalized, false);
    }

    AddedToken asSpecial() {
        return new AddedToken(content, leftStrip, rightStrip, singleWord, normalized, true);
    }
}
