package org.jllm.hub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Whether content is what its name says. For use by one thread. */
final class ContentHash {
    private static final int SHA_256_LENGTH = 64;

    private final String expected;
    private final MessageDigest digest;

    ContentHash(RepositoryFile file) {
        expected = file.etag();
        boolean large = expected.length() == SHA_256_LENGTH;
        digest = digest(large ? "SHA-256" : "SHA-1");
        if (!large) {
            digest.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    void update(ByteBuffer bytes) {
        digest.update(bytes);
    }

    boolean isRight() {
        return HexFormat.of().formatHex(digest.digest()).equals(expected);
    }
}
