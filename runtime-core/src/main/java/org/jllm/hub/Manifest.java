package org.jllm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * The files that a folder has to hold: lines of size, SHA-256 and name.
 *
 * @param version changes with the content of any file
 */
record Manifest(String version, List<File> files) {
    /** What files are dated that were found right: those that keep size and date are not read again. */
    private static final FileTime SEALED = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    record File(long size, String sha256, String name) {}

    static Manifest read(InputStream in) throws IOException {
        byte[] text = in.readAllBytes();
        List<File> files = new String(text, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" ", 3))
                .map(field -> new File(Long.parseLong(field[0]), field[1], field[2]))
                .toList();
        return new Manifest(hex(sha256().digest(text)).substring(0, 12), files);
    }

    long bytes() {
        return files.stream().mapToLong(File::size).sum();
    }

    /** Whether every file is there and right. */
    boolean isIntact(Path folder) {
        try {
            for (File file : files) {
                if (!isIntact(folder.resolve(file.name()), file)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isIntact(Path path, File file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile() || attributes.size() != file.size()) {
            return false;
        }
        return attributes.lastModifiedTime().equals(SEALED) || isRight(path, file);
    }

    /** Marks the files of a complete folder, once they are found right. */
    void seal(Path folder) throws IOException {
        for (File file : files) {
            Path path = folder.resolve(file.name());
            if (!isRight(path, file)) {
                throw new IOException(file.name() + " was not written as it should be");
            }
            Files.setLastModifiedTime(path, SEALED);
        }
    }

    private static boolean isRight(Path path, File file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return hex(digest.digest()).equals(file.sha256());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
