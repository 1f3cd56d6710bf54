package org.jllm.gguf;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.gguf.binding.Llama;

/**
 * The vocabulary of a GGUF file in llama.cpp. Ids outside it, on which llama.cpp ends the process, are refused. Safe for
 * use by several threads; closing waits for calls that run.
 */
final class LlamaVocabulary implements AutoCloseable {
    private static final int MOST_BYTES = 1 << 28;
    private static final byte TRUE = 1;
    private static final byte FALSE = 0;

    private final LlamaModel model;
    private final Pointer handle;
    private final int size;
    private final int type;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /** Takes over the model. */
    LlamaVocabulary(LlamaModel model) {
        this.model = model;
        handle = model.vocabulary();
        size = Llama.llama_vocab_n_tokens(handle);
        type = Llama.llama_vocab_type(handle);
        if (type == Llama.VOCAB_TYPE_NONE) {
            model.close();
            throw new UnsupportedModelException(
                    model.file() + " has no vocabulary: texts cannot be turned into tokens");
        }
    }

    int size() {
        return size;
    }

    int type() {
        return type;
    }

    /**
     * The ids of a text in UTF-8.
     *
     * @param addSpecial whether BOS, EOS and the like are added as the file says
     * @param parseSpecial whether control tokens that are written in the text count as such
     */
    int[] encode(byte[] text, boolean addSpecial, boolean parseSpecial) {
        if (text.length > MOST_BYTES) {
            throw new InvalidRequestException(
                    "the text has " + text.length + " bytes, more than the " + MOST_BYTES + " that can be tokenized");
        }
        int[] ids = new int[text.length + 16];
        int count = open(() -> {
            byte add = addSpecial ? TRUE : FALSE;
            byte parse = parseSpecial ? TRUE : FALSE;
            return BigStack.call(
                    text.length, () -> Llama.llama_tokenize(handle, text, text.length, ids, ids.length, add, parse));
        });
        if (count < 0 && count > Integer.MIN_VALUE) {
            int[] more = new int[-count];
            int again = open(() -> {
                byte add = addSpecial ? TRUE : FALSE;
                byte parse = parseSpecial ? TRUE : FALSE;
                return BigStack.call(
                        text.length,
                        () -> Llama.llama_tokenize(handle, text, text.length, more, more.length, add, parse));
            });
            return Arrays.copyOf(more, again);
        }
        return Arrays.copyOf(ids, count);
    }

    /** The bytes of a token; of a special one its name. */
    byte[] bytes(int id) {
        return open(() -> {
            check(id);
            byte[] bytes = new byte[64];
            int length = Llama.llama_token_to_piece(handle, id, bytes, bytes.length, 0, TRUE);
            if (length < 0) {
                bytes = new byte[-length];
                length = Llama.llama_token_to_piece(handle, id, bytes, bytes.length, 0, TRUE);
            }
            return Arrays.copyOf(bytes, Math.max(length, 0));
        });
    }

    /** The name of a token, as the file writes it. */
    String name(int id) {
        return open(() -> {
            check(id);
            Pointer text = Llama.llama_vocab_get_text(handle, id);
            return text == null ? "" : text.getString(0, StandardCharsets.UTF_8.name());
        });
    }

    /** Whether a token has one of these attributes. */
    boolean has(int id, int attributes) {
        return open(() -> {
            check(id);
            return (Llama.llama_vocab_get_attr(handle, id) & attributes) != 0;
        });
    }

    /** The ids that end a text or a turn. */
    Set<Integer> endIds() {
        return open(() -> all(id -> Llama.llama_vocab_is_eog(handle, id) != 0));
    }

    /** The ids of the tokens that have one of these attributes. */
    Set<Integer> withAttributes(int attributes) {
        return open(() -> all(id -> (Llama.llama_vocab_get_attr(handle, id) & attributes) != 0));
    }

    private Set<Integer> all(IntPredicate condition) {
        Set<Integer> ids = new HashSet<>();
        IntStream.range(0, size).filter(condition).forEach(ids::add);
        return ids;
    }

    /** The id of a role: {@code bos}, {@code eos}, {@code eot}, {@code sep}, {@code pad} or {@code mask}; -1: none. */
    int role(String name) {
        return open(() -> {
            int id = switch (name) {
                case "bos" -> Llama.llama_vocab_bos(handle);
                case "eos" -> Llama.llama_vocab_eos(handle);
                case "eot" -> Llama.llama_vocab_eot(handle);
                case "sep" -> Llama.llama_vocab_sep(handle);
                case "pad" -> Llama.llama_vocab_pad(handle);
                case "mask" -> Llama.llama_vocab_mask(handle);
                default -> throw new IllegalArgumentException("no role " + name);
            };
            return id < size ? id : Llama.TOKEN_NULL;
        });
    }

    private void check(int id) {
        if (id < 0 || id >= size) {
            throw new IllegalArgumentException("token " + id + " is outside the vocabulary of " + size);
        }
    }

    private <T> T open(Supplier<T> action) {
        Lock read = lock.readLock();
        read.lock();
        try {
            if (closed) {
                throw new IllegalStateException("this tokenizer is closed");
            }
            return action.get();
        } finally {
            read.unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            model.close();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
