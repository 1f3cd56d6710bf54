package org.jllm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LoraAdapter;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.Catalogue;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.jllm.checkpoint.peft.PeftAdapter;
import org.jllm.embedding.SentenceModules;
import org.jllm.hub.ModelFiles;
import org.jllm.hub.PullObserver;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a model are. For most all is in one folder or file; an adapter has its weights beside those of its
 * base, and its tokenizer where it brings one.
 *
 * @param root the model's own folder or file, in which its parts may have folders
 * @param weights the folder or file of the model, or of an adapter's base
 * @param texts the folder or file with tokenizer and template
 * @param generation the folder or file with the settings of generation
 * @param adapters that change the weights, the first one first
 */
record ModelPaths(Path root, Path weights, Path texts, Path generation, List<LoraAdapter> adapters) {
    private static final String TRANSFORMERS = "transformers";
    private static final int MOST_ADAPTERS = 4;
    private static final String[] TOKENIZERS = {
        "tokenizer.json", "tokenizer.model", "spiece.model", "vocab.json", "vocab.txt"
    };

    /** Looks for the bases of adapters; what is missing is downloaded. */
    record Finder(Catalogue catalogue, ModelFiles files, PullObserver downloads) {
        /**
         * The parts of a model whose own files were found.
         *
         * @param base the model that an adapter is for, where the user says it
         * @throws ModelNotFoundException if the base is not on this machine
         * @throws InvalidRequestException if nobody says what the base is, or the model needs none
         */
        ModelPaths of(ModelSource source, Path found, @Nullable String base) {
            if (!PeftAdapter.isIn(found)) {
                if (base != null) {
                    throw new InvalidRequestException(
                            source.name() + " is no adapter, but a model of its own: leave base out");
                }
                Path body = SentenceModules.body(found);
                return new ModelPaths(found, body, body, body, List.of());
            }
            return adapted(source, found, base, MOST_ADAPTERS);
        }

        private ModelPaths adapted(ModelSource source, Path found, @Nullable String base, int more) {
            if (more == 0) {
                throw new InvalidModelException(
                        source.name() + " is an adapter of an adapter of an adapter, and so on");
            }
            ModelSource baseSource = base != null ? asked(base) : said(source, found);
            Path baseFolder = locate(source, baseSource);
            ModelPaths below = PeftAdapter.isIn(baseFolder)
                    ? adapted(baseSource, baseFolder, null, more - 1)
                    : new ModelPaths(baseFolder, baseFolder, baseFolder, baseFolder, List.of());
            List<LoraAdapter> adapters = new ArrayList<>(below.adapters);
            adapters.add(new LoraAdapter(found, 1));
            return new ModelPaths(
                    found,
                    below.weights,
                    Stream.of(TOKENIZERS).anyMatch(name -> Files.exists(found.resolve(name))) ? found : below.texts,
                    Files.exists(found.resolve("generation_config.json")) ? found : below.generation,
                    adapters);
        }

        private Path locate(ModelSource adapter, ModelSource base) {
            try {
                return files.locate(base, TRANSFORMERS, downloads);
            } catch (ModelNotFoundException e) {
                throw new ModelNotFoundException(missing(adapter, base, e), e);
            } catch (UnavailableException e) {
                throw new UnavailableException(missing(adapter, base, e), e);
            }
        }

        private static String missing(ModelSource adapter, ModelSource base, JllmException why) {
            return adapter.name() + " is an adapter for " + base.name() + ": " + why.getMessage();
        }

        /** What the user calls a model: the same names as everywhere, and repositories that the catalogue does not have. */
        private ModelSource asked(String base) {
            return repository(base)
                    .filter(source -> catalogue.find(base).isEmpty() && !Files.exists(Path.of(base)))
                    .orElseGet(() -> onTransformers(catalogue.resolve(base)));
        }

        /**
         * What the catalogue says, else the adapter's configuration: there only names count, since a folder was one on the
         * machine where it was trained.
         */
        private ModelSource said(ModelSource source, Path found) {
            String name = name(source, found)
                    .orElseThrow(() -> new InvalidRequestException(source.name()
                            + " is an adapter, and nothing says of which model: give its base with --base MODEL"));
            return catalogue
                    .find(name)
                    .map(entry -> onTransformers(catalogue.resolve(entry.id())))
                    .or(() -> repository(name))
                    .orElseThrow(
                            () -> new InvalidRequestException(
                                    source.name() + " is an adapter for '" + name
                                            + "', which is no model of the catalogue and no repository: give its base with --base MODEL"));
        }

        private static Optional<ModelSource> repository(String name) {
            return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*")
                    ? Optional.of(new ModelSource(name, null, new Location.Repository(name), TRANSFORMERS))
                    : Optional.empty();
        }

        private static ModelSource onTransformers(ModelSource source) {
            ModelSource sibling = source.on(TRANSFORMERS);
            if (!sibling.loader().equals(TRANSFORMERS)) {
                throw new InvalidRequestException(source.name()
                        + " is no base of an adapter in PEFT form: it runs on the engine " + source.loader());
            }
            return sibling;
        }
    }

    /** The name of the model that an adapter is for, as far as anybody says it. */
    static Optional<String> name(ModelSource source, Path found) {
        Entry entry = source.entry();
        return entry != null && entry.weights().adapterBase() != null
                ? Optional.of(Objects.requireNonNull(entry.weights().adapterBase()))
                : PeftAdapter.base(found);
    }
}
