package org.jllm.encoding;

/**
 * What an encoder told of one waveform, a row for each frame. The arrays are not copied.
 *
 * @param features what the convolutions made of it
 * @param hiddenStates the last hidden states
 */
public record EncodedAudio(float[][] features, float[][] hiddenStates) {}
