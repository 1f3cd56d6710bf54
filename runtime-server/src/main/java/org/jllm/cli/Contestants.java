package org.jllm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.Jllm;
import org.jllm.api.CapacityException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.bench.RandomModel;
import org.jllm.catalogue.ByteSize;
import org.jspecify.annotations.Nullable;

/** Which forms of which models a comparison has, and which it has to do without. */
final class Contestants {
    private static final List<String> GGUF_TYPES = List.of("q8_0", "q4_0", "q4_k_m", "f16", "bf16");
    private static final String RANDOM_TYPE = "bfloat16";

    private final Console console;
    private final Jllm jllm;
    private final LoadOptions options;
    private final List<ComparisonFigures.LeftOut> leftOut = new ArrayList<>();

    /** @param options of all of them */
    Contestants(Console console, Jllm jllm, LoadOptions options) {
        this.console = console;
        this.jllm = jllm;
        this.options = options;
    }

    List<ComparisonFigures.LeftOut> leftOut() {
        return List.copyOf(leftOut);
    }

    /** The forms of models: all that a Transformers model can have, and of others what the file holds. */
    List<ComparedModel> of(List<String> models) {
        List<ComparedModel> compared = new ArrayList<>();
        boolean alone = models.size() == 1 || jllm.isEncoder(models.get(0));
        for (String model : models) {
            String engine = jllm.engine(model, LoadOptions.none());
            if (engine.equals("transformers")) {
                compared.addAll(ComparedModel.transformers(model, options, alone));
            } else if (works(engine)) {
                compared.add(ComparedModel.asStored(jllm, model, engine, options));
            }
        }
        return fitting(compared);
    }

    /**
     * The forms of one random model.
     *
     * @param types of GGUF files; null: the usual ones
     * @param folder to write into
     */
    List<ComparedModel> ofRandom(String shape, @Nullable List<String> types, Path folder) {
        String size = ByteSize.format(RandomModel.bytes(shape, RANDOM_TYPE));
        console.note("writing a random " + shape + ", " + size + " in " + RANDOM_TYPE + ", to " + folder + " …");
        Path model = RandomModel.write(shape, RANDOM_TYPE, folder.resolve("transformers"))
                .folder();
        List<ComparedModel> ggufs = new ArrayList<>();
        for (Path file : ggufs(shape, types, folder.resolve("gguf"))) {
            ggufs.add(ComparedModel.asStored(jllm, file.toString(), "gguf", options));
        }
        List<ComparedModel> compared = ComparedModel.transformers(model.toString(), options, ggufs.isEmpty());
        compared.addAll(ggufs);
        return fitting(compared);
    }

    private List<Path> ggufs(String shape, @Nullable List<String> types, Path folder) {
        if (!works("gguf")) {
            return List.of();
        }
        List<String> wanted = types == null ? GGUF_TYPES : types;
        console.note("writing it for llama.cpp as " + String.join(", ", wanted) + " …");
        try {
            Files.createDirectories(folder);
            return jllm.loader("gguf").writeRandom(shape, wanted, folder);
        } catch (IOException e) {
            throw new CapacityException("cannot make the folder " + folder + ": " + e.getMessage(), e);
        } catch (InvalidRequestException e) {
            if (types != null) {
                throw e;
            }
            leaveOut(ComparedModel.engineName("gguf"), e.getMessage());
            return List.of();
        }
    }

    private boolean works(String engine) {
        try {
            jllm.loader(engine).version();
            return true;
        } catch (JllmException e) {
            leaveOut(ComparedModel.engineName(engine), e.getMessage());
            return false;
        }
    }

    private List<ComparedModel> fitting(List<ComparedModel> compared) {
        MemoryOfContestants memory = MemoryOfContestants.of(jllm, options);
        List<ComparedModel> fitting = new ArrayList<>();
        for (ComparedModel model : compared) {
            memory.misfit(model).ifPresentOrElse(reason -> leaveOut(model.name(), reason), () -> fitting.add(model));
        }
        return fitting;
    }

    private void leaveOut(String contestant, @Nullable String reason) {
        leftOut.add(new ComparisonFigures.LeftOut(contestant, String.valueOf(reason)));
    }
}
