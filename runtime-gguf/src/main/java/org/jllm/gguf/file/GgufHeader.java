package org.jllm.gguf.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;

/**
 * All of one file but its weights. Format: <a
 * href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">ggml-org/ggml, docs/gguf.md</a>; where llama.cpp is
 * stricter ({@code ggml/src/gguf.cpp}), so is this, as a file is of no use otherwise.
 *
 * @param tensors in the order of their bytes
 */
record GgufHeader(int version, int alignment, GgufMetadata metadata, List<GgufTensor> tensors) {
    static final String MAGIC = "GGUF";
    static final String ALIGNMENT_KEY = "general.alignment";
    static final int DEFAULT_ALIGNMENT = 32;
    static final int LATEST_VERSION = 3;
    private static final int OLDEST_VERSION = 2;
    /** More than any page or sector. */
    private static final int MOST_ALIGNMENT = 1 << 20;

    static GgufHeader read(Path file) {
        if (!Files.exists(file)) {
            throw new ModelNotFoundException(file + " does not exist");
        }
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException(
                    file + (Files.isDirectory(file) ? " is a folder, no GGUF file" : " is no regular file"));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(new GgufInput(file, channel));
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static GgufHeader read(GgufInput input) throws IOException {
        checkMagic(input);
        int version = input.int32("the version");
        checkVersion(input, version);
        long tensorCount = input.int64("the number of tensors");
        long keyCount = input.int64("the number of metadata keys");
        TensorIndexReader.checkCount(input, tensorCount);
        Map<String, GgufValue> pairs = new MetadataReader(input).read(keyCount);
        GgufMetadata metadata = new GgufMetadata(input.file().toString(), pairs);
        int alignment = alignment(metadata);
        List<GgufTensor> tensors = new TensorIndexReader(input, alignment).read(tensorCount);
        return new GgufHeader(version, alignment, metadata, List.copyOf(tensors));
    }

    private static void checkMagic(GgufInput input) throws IOException {
        if (input.size() == 0) {
            throw input.invalid("is empty: download it again");
        }
        String magic = new String(input.bytes(4, "the letters 'GGUF' at its beginning"), StandardCharsets.ISO_8859_1);
        switch (magic) {
            case MAGIC -> {}
            case "lmgg", "fmgg", "tjgg", "algg" ->
                throw new UnsupportedModelException(
                        input.file() + ": is a GGML file from before GGUF, which llama.cpp no longer reads: convert the"
                                + " original model again");
            case "vers" ->
                throw input.invalid(
                        "begins with 'vers': it is a Git LFS pointer in place of the file; fetch the file itself");
            default -> throw input.invalid("begins with " + Quoted.of(magic) + ", not with 'GGUF': it is no GGUF file");
        }
    }

    private static void checkVersion(GgufInput input, int version) {
        if ((version & 0xFFFF) == 0 && version != 0) {
            throw new UnsupportedModelException(input.file()
                    + ": is a big-endian GGUF file, which this machine cannot use: get the little-endian one");
        }
        if (version == 1) {
            throw new UnsupportedModelException(input.file() + ": has GGUF version 1, which llama.cpp no longer reads;"
                    + " convert the original model again");
        }
        if (version < OLDEST_VERSION) {
            throw input.invalid("has GGUF version " + Integer.toUnsignedString(version) + ", which does not exist");
        }
        if (version > LATEST_VERSION) {
            throw new UnsupportedModelException(input.file() + ": has GGUF version " + version
                    + "; this version of jllm reads " + OLDEST_VERSION + " and " + LATEST_VERSION);
        }
    }

    /** The alignment that metadata ask for. */
    static int alignment(GgufMetadata metadata) {
        if (!metadata.has(ALIGNMENT_KEY)) {
            return DEFAULT_ALIGNMENT;
        }
        metadata.requireType(ALIGNMENT_KEY, GgufValueType.UINT32);
        int alignment = metadata.intOr(ALIGNMENT_KEY, DEFAULT_ALIGNMENT, 1, MOST_ALIGNMENT);
        if (Integer.bitCount(alignment) != 1) {
            throw metadata.wrong(ALIGNMENT_KEY, "a power of two");
        }
        return alignment;
    }
}
