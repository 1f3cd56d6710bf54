package org.jllm.generation;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;
import org.jllm.api.LoadOptions;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.catalogue.WeightFormat;
import org.jllm.checkpoint.Conversion;
import org.jllm.encoding.AudioBackend;
import org.jllm.encoding.EncoderBackend;
import org.jllm.prompt.PromptTemplate;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the files of a model to life on one engine. Implementations are found by {@link java.util.ServiceLoader}, have
 * a public constructor without arguments that touches nothing native, and are safe for use by several threads.
 */
public interface ModelLoader {
    /** The engine's name: {@code transformers}, {@code gguf} or {@code onnx}. */
    String engine();

    /** The {@code model_type}s that it runs, as {@code config.json} names them, in the order of the alphabet. */
    List<String> architectures();

    /**
     * Begins to bring up the engine's libraries beside what the caller does next, if they are unpacked and take long to
     * load. What goes wrong is said by the call that needs them.
     *
     * @return done when that has ended, one way or another
     */
    default CompletableFuture<Void> warmUp() {
        return CompletableFuture.completedFuture(null);
    }

    /** The forms of weights that it reads. */
    Set<WeightFormat> formats();

    /**
     * What the decoder will take when it is loaded with these options, told from the headers of its files.
     *
     * @throws org.jllm.api.JllmException as {@link #loadDecoder(Path, LoadOptions)}
     */
    MemoryNeeds memory(Path files, LoadOptions options);

    /**
     * Loads the decoder.
     *
     * @param files the folder or file of the model
     * @throws org.jllm.api.UnsupportedModelException if the model is of a kind that this engine does not run
     * @throws org.jllm.api.InvalidModelException if its files are damaged
     */
    DecoderBackend loadDecoder(Path files, LoadOptions options);

    /**
     * Loads the decoder and tells how far that is.
     *
     * @param progress takes the part that is loaded, from 0 to 1, on the calling thread, as often as the engine can say it,
     *     which may be never; an exception that it throws ends the loading, frees what was loaded and is passed on
     */
    default DecoderBackend loadDecoder(Path files, LoadOptions options, DoubleConsumer progress) {
        return loadDecoder(files, options);
    }

    /**
     * Loads a model that makes vectors of texts.
     *
     * @throws org.jllm.api.UnsupportedModelException if the engine or the model does not
     * @throws org.jllm.api.InvalidModelException if its files are damaged
     */
    default EmbeddingBackend loadEmbedder(Path files, LoadOptions options) {
        throw new UnsupportedModelException(
                "the engine '" + engine() + "' makes no embeddings yet: choose --engine gguf and a GGUF file");
    }

    /** The folder or file that says how a model's vectors are pooled: for most the model's own. */
    default Path folder(Path files) {
        return files;
    }

    /** Whether a model is one that makes vectors of texts, and not one that continues them. */
    default boolean isEmbedder(Path files) {
        return isEncoder(files);
    }

    /** Whether {@link #loadEncoder} is the one to load this model with. */
    default boolean isEncoder(Path files) {
        return false;
    }

    /**
     * Loads an encoder.
     *
     * @throws org.jllm.api.UnsupportedModelException if the model is none, or of a kind that this engine does not run
     * @throws org.jllm.api.InvalidModelException if its files are damaged
     */
    default EncoderBackend loadEncoder(Path files, LoadOptions options) {
        throw new UnsupportedModelException("the engine '" + engine()
                + "' runs no encoders: use one that is a folder with" + " config.json, on the engine 'transformers'");
    }

    /**
     * Loads an encoder of sound.
     *
     * @throws org.jllm.api.UnsupportedModelException if the model is none, or of a kind that this engine does not run
     * @throws org.jllm.api.InvalidModelException if its files are damaged
     */
    default AudioBackend loadAudioEncoder(Path files, LoadOptions options) {
        throw new UnsupportedModelException("the engine '" + engine()
                + "' hears no sound: use a model that is a folder with" + " config.json, on the engine 'transformers'");
    }

    /** Reads what a model's files say of it, also of one that this engine does not run. */
    ModelDescription describe(Path files);

    /** Starts the engine and tells what it is: its release, its libraries, its devices; each a name and a value. */
    Map<String, String> diagnose();

    /**
     * The library that computes and its release, such as {@code libtorch 2.7.1}. Starts the engine.
     *
     * @throws org.jllm.api.JllmException if it does not work on this machine
     */
    String version();

    /**
     * Measures matrix products in every form that this engine has for them on this processor.
     *
     * @param threads to compute with; null: as many as a model would have
     * @throws UnsupportedModelException if the engine cannot tell
     */
    default KernelSpeeds measureKernels(@Nullable Integer threads) {
        throw new UnsupportedModelException("the engine '" + engine() + "' does not measure its kernels");
    }

    /**
     * Writes models of random weights in a format of this engine, to measure speed without a download.
     *
     * @param shape such as {@code llama:1.1b}
     * @param types of the weights, as the format calls them
     * @param folder to write into
     * @return the file of the model for each type
     * @throws org.jllm.api.InvalidRequestException if the format has no such shape or type
     */
    default List<Path> writeRandom(String shape, List<String> types, Path folder) {
        throw new UnsupportedModelException(
                "the engine '" + engine() + "' writes no random models of type " + String.join(", ", types));
    }

    /**
     * Writes a model anew with its weights as safetensors, whole: unpacked, and merged with the adapters of the options.
     *
     * @param files the folder of the model
     * @param more folders whose tokenizer, template and settings take the place of the model's own
     * @param out the new folder; it must not exist, or be empty
     * @param progress takes the part that is done, from 0 to 1
     * @throws UnsupportedModelException if the engine's models are not written as safetensors
     * @throws org.jllm.api.InvalidModelException if the model's files are damaged, or do not fit each other
     * @throws org.jllm.api.CapacityException if the new folder cannot be written
     */
    default Conversion.Result convert(
            Path files, LoadOptions options, List<Path> more, Path out, DoubleConsumer progress) {
        throw new UnsupportedModelException("models of the engine '" + engine() + "' cannot be converted");
    }

    /** Loads the tokenizer. */
    Tokenizer loadTokenizer(Path files);

    /**
     * Loads the tokenizer of which a catalogue says more than its files.
     *
     * @param kind such as {@code t5-spm-lower}; null: as the files say
     * @param words where the words come from, if it needs an analyser
     */
    default Tokenizer loadTokenizer(Path files, @Nullable String kind, WordOptions words) {
        return loadTokenizer(files);
    }

    /** Which tokenizer {@link #loadTokenizer} loads and why, in one line; empty where the engine has no choice. */
    default Optional<String> describeTokenizer(Path files, @Nullable String kind, WordOptions words) {
        return Optional.empty();
    }

    /** The prompt template that the model's files bring along. */
    Optional<PromptTemplate> loadTemplate(Path files, Tokenizer tokenizer);

    /** What the model's files say of sampling and of the ids that end a text. */
    GenerationConfig loadGenerationConfig(Path files);
}
