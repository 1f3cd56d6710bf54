package org.jllm.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A repository of the {@link LocalHub}. */
final class TestRepository {
    private static final int LARGE = 5000;

    private final String id;
    private final Map<String, Content> files = new TreeMap<>();
    private final Set<String> branches = new HashSet<>(Set.of("main"));

    /** A file's bytes; those of a large one are at the storage host. */
    record Content(byte[] bytes, boolean large, String etag, String blobId) {
        static Content of(byte[] bytes) {
            boolean large = bytes.length >= LARGE;
            String blob = hex("SHA-1", ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII), bytes);
            return new Content(bytes, large, large ? hex("SHA-256", new byte[0], bytes) : blob, blob);
        }
    }

    TestRepository(String id) {
        this.id = id;
    }

    /** A repository with the files of a folder. */
    static TestRepository of(String id, Path folder) throws IOException {
        TestRepository repository = new TestRepository(id);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                repository.with(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return repository;
    }

    TestRepository with(String path, byte[] bytes) {
        files.put(path, Content.of(bytes));
        return this;
    }

    TestRepository with(String path, String text) {
        return with(path, text.getBytes(StandardCharsets.UTF_8));
    }

    TestRepository branch(String name) {
        branches.add(name);
        return this;
    }

    String id() {
        return id;
    }

    Map<String, Content> files() {
        return files;
    }

    /** Changes with any file. */
    String commit() {
        StringBuilder text = new StringBuilder(id);
        files.forEach((path, content) -> text.append('\n').append(path).append(content.etag()));
        return hex("SHA-1", new byte[0], text.toString().getBytes(StandardCharsets.UTF_8));
    }

    boolean has(String revision) {
        return branches.contains(revision) || revision.equals(commit());
    }

    static String hex(String algorithm, byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(first);
            return HexFormat.of().formatHex(digest.digest(second));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
