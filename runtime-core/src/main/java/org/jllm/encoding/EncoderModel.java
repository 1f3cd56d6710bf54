package org.jllm.encoding;

import java.util.List;
import java.util.Set;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.tokenizer.EncodedPair;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** A loaded encoder with its tokenizer: what those that ask something of it have in common. Closing it closes both. */
public final class EncoderModel implements AutoCloseable {
    private final String name;
    private final Tokenizer tokenizer;
    private final SharedEncoder encoder;

    /** Takes over engine and tokenizer. */
    public EncoderModel(String name, EncoderBackend backend, Tokenizer tokenizer) {
        this.name = name;
        this.tokenizer = tokenizer;
        encoder = new SharedEncoder(name, backend);
    }

    String name() {
        return name;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    EncoderCapabilities capabilities() {
        return encoder.capabilities();
    }

    /** @throws UnsupportedModelException if the model has not what that takes */
    void require(String purpose, Set<EncoderOutput> any) {
        if (any.stream().noneMatch(capabilities().outputs()::contains)) {
            throw new UnsupportedModelException(name + " cannot " + purpose + ": its files hold no head for that");
        }
    }

    /** The tokens of a text with the special ones that the model wants. */
    EncoderInput input(String text) {
        return input(text, null);
    }

    /** The tokens of a text, or of a pair of texts. */
    EncoderInput input(String first, @Nullable String second) {
        EncoderInput input;
        if (second == null) {
            input = EncoderInput.of(tokenizer.encode(first, true));
        } else {
            EncodedPair pair = tokenizer.encodePair(first, second);
            EncoderInput ids = EncoderInput.of(pair.ids());
            input = capabilities().typeVocabularySize() > 1 ? ids.withTypes(pair.typeIds()) : ids;
        }
        if (input.length() > capabilities().contextLength()) {
            throw new InvalidRequestException("the text has " + input.length() + " tokens, but " + name + " takes "
                    + capabilities().contextLength() + ": shorten it");
        }
        if (input.length() == 0) {
            throw new InvalidRequestException("the text is empty");
        }
        return input;
    }

    List<EncodedText> encode(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        return encoder.encode(texts, wanted);
    }

    @Override
    public void close() {
        encoder.close();
        tokenizer.close();
    }
}
