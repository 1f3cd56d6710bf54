package org.jllm.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidModelException;
import org.jllm.hub.DjlEnvironment;

/**
 * A tokenizer of the Rust library {@code tokenizers}, by its JNI binding in DJL. Nothing is truncated or padded. Safe
 * for use by several threads; closing waits for calls that run.
 */
final class NativeTokenizer implements AutoCloseable {
    private final TokenizersLibrary library;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private long handle;

    /**
     * @param json the content of a tokenizer.json
     * @param name what messages call it
     */
    NativeTokenizer(String json, String name) {
        DjlEnvironment.prepare();
        try {
            LibUtils.checkStatus();
            library = TokenizersLibrary.LIB;
        } catch (RuntimeException | LinkageError e) {
            throw new EngineException(
                    "the native library of tokenizer.json cannot be loaded: " + firstLine(e)
                            + "; this platform may lack it",
                    e);
        }
        try {
            handle = library.createTokenizerFromString(json);
            library.disableTruncation(handle);
            library.disablePadding(handle);
        } catch (RuntimeException e) {
            throw new InvalidModelException(
                    name + " is no usable tokenizer.json: " + firstLine(e) + "; get the file anew", e);
        }
    }

    int[] encode(String text, boolean addSpecialTokens) {
        Lock read = open();
        try {
            return idsAndClose(library.encode(handle, text, addSpecialTokens));
        } catch (RuntimeException e) {
            throw failed(e);
        } finally {
            read.unlock();
        }
    }

    EncodedPair encodePair(String first, String second) {
        Lock read = open();
        try {
            long encoding = library.encodeDual(handle, first, second, true);
            int[] types = ints(library.getTypeIds(encoding));
            return new EncodedPair(idsAndClose(encoding), types);
        } catch (RuntimeException e) {
            throw failed(e);
        } finally {
            read.unlock();
        }
    }

    /** @param ids at least 0 */
    String decode(int[] ids, boolean skipSpecialTokens) {
        Lock read = open();
        try {
            long[] longs = new long[ids.length];
            for (int i = 0; i < ids.length; i++) {
                longs[i] = ids[i];
            }
            return library.decode(handle, longs, skipSpecialTokens);
        } catch (RuntimeException e) {
            throw failed(e);
        } finally {
            read.unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (handle != 0) {
                library.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Lock open() {
        Lock read = lock.readLock();
        read.lock();
        if (handle == 0) {
            read.unlock();
            throw new IllegalStateException("this tokenizer is closed");
        }
        return read;
    }

    private int[] idsAndClose(long encoding) {
        try {
            return ints(library.getTokenIds(encoding));
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    private static int[] ints(long[] values) {
        int[] result = new int[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.toIntExact(values[i]);
        }
        return result;
    }

    private static EngineException failed(RuntimeException e) {
        return new EngineException("the native tokenizer failed: " + firstLine(e), e);
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
