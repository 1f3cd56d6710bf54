package org.jllm.torch;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A compiled TorchScript module, which stays as long as the process. Used on libtorch's thread only. */
final class ScriptModule {
    private final Model model;
    private final PtSymbolBlock block;

    /** Compiles the module of an architecture. */
    ScriptModule(String architecture, ScriptFrame frame) {
        model = Model.newInstance(architecture, "PyTorch");
        try {
            model.load(new ByteArrayInputStream(ScriptArchive.of(architecture, frame)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedModelException e) {
            throw new IllegalStateException(e);
        }
        block = (PtSymbolBlock) model.getBlock();
    }

    PtNDManager manager() {
        return (PtNDManager) model.getNDManager();
    }

    /** Runs a method; the result belongs to the caller. */
    IValue run(String method, IValue... arguments) {
        try {
            return IValueUtils.runMethod(block, method, arguments);
        } catch (EngineException e) {
            throw new org.jllm.api.EngineException(
                    "libtorch failed in " + method + ": " + summary(String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * Has the script of an architecture put its model together; the result belongs to the caller.
     *
     * @param weights the dictionary of a {@link WeightLoader}
     */
    IValue build(
            IValue weights,
            Map<String, Long> integers,
            Map<String, Double> numbers,
            Map<String, long[]> lists,
            Handles step) {
        return run(
                "build",
                weights,
                values(integers, step::of, step),
                values(numbers, step::of, step),
                values(lists, step::of, step));
    }

    private static <T> IValue values(Map<String, T> given, Function<T, IValue> convert, Handles step) {
        Map<String, IValue> values = new HashMap<>();
        given.forEach((name, value) -> values.put(name, convert.apply(value)));
        return step.own(IValue.stringIValueMapFrom(values));
    }

    /** The last lines of a TorchScript error say what went wrong; those before it are the way there. */
    private static String summary(String message) {
        return message.lines()
                .filter(line -> line.contains("Error") || line.contains("File \""))
                .map(String::strip)
                .collect(Collectors.joining(" "));
    }
}
