package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderCapabilities;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;

/** An encoder whose architecture is a TorchScript module. */
final class TorchEncoder implements EncoderBackend {
    /** Enough rows for matrix products at full speed; more only spill the processor's caches. */
    static final int MAX_BATCH_TOKENS = 2_048;

    private final LibTorch torch;
    private final EncoderPlan plan;
    private final Settings settings;
    private final EncoderCapabilities capabilities;
    private final Handles handles;
    private final ScriptModule module;
    private final IValue encoder;
    private boolean closed;

    /** How an encoder is run. */
    record Settings(WeightForm form, int threads, int context) {}

    /** @param weights have been found to fit the plan */
    TorchEncoder(LibTorch torch, ModelWeights weights, EncoderPlan plan, Settings settings) {
        this.torch = torch;
        this.plan = plan;
        this.settings = settings;
        Set<String> stored = weights.all().keySet();
        capabilities = plan.capabilities(stored, settings.context(), MAX_BATCH_TOKENS);
        handles = new Handles(torch);
        module = torch.call(() -> torch.module(plan.script(), ScriptFrame.ENCODER));
        try {
            encoder = call(() -> {
                try (Handles step = handles.nested()) {
                    IValue tensors = WeightLoader.load(
                            torch, module, weights, plan.tensors(stored), settings.form(), step, handles);
                    return handles.own(module.build(tensors, plan.integers(), plan.numbers(), plan.lists(), step));
                }
            });
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    @Override
    public EncoderCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public List<EncodedText> encode(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
        capabilities.check(texts, wanted);
        List<EncoderOutput> outputs = wanted.stream().sorted().toList();
        PackedTexts packed = new PackedTexts(texts);
        List<Map<EncoderOutput, float[][]>> results = new ArrayList<>();
        texts.forEach(text -> results.add(new EnumMap<>(EncoderOutput.class)));
        List<EncoderOutput> computed =
                outputs.stream().filter(output -> packed.count(output) > 0).toList();
        call(() -> {
            compute(packed, computed, results);
            return null;
        });
        for (EncoderOutput output : outputs) {
            results.forEach(result -> result.putIfAbsent(output, new float[0][]));
        }
        return results.stream().map(EncodedText::new).toList();
    }

    private void compute(PackedTexts packed, List<EncoderOutput> outputs, List<Map<EncoderOutput, float[][]>> results) {
        try (Handles step = handles.nested()) {
            Map<String, IValue> extras = new HashMap<>();
            packed.extras(plan.sizes()).forEach((name, values) -> extras.put(name, step.of(values)));
            IValue tensors = step.own(module.run(
                    "encode",
                    encoder,
                    step.of(settings.form().device()),
                    step.of(packed.ids()),
                    step.of(packed.positions(plan.sizes().paddingId())),
                    step.of(packed.types()),
                    step.of(packed.spans()),
                    step.own(IValue.stringIValueMapFrom(extras)),
                    step.of(packed.asked()),
                    step.of(outputs.stream().mapToLong(EncoderOutput::ordinal).toArray())));
            PtNDArray[] arrays = tensors.toTensorArray(module.manager());
            for (PtNDArray array : arrays) {
                step.own(array);
            }
            for (int i = 0; i < arrays.length; i++) {
                read(arrays[i], packed, outputs.get(i), results);
            }
        }
    }

    private static void read(
            PtNDArray array, PackedTexts packed, EncoderOutput output, List<Map<EncoderOutput, float[][]>> results) {
        FloatRows values = new FloatRows(array);
        int rows = packed.count(output);
        if (rows != array.getShape().get(0)) {
            throw new IllegalStateException(
                    "the script gave " + array.getShape() + " for " + rows + " rows of " + output);
        }
        int width = values.remaining() / rows;
        for (int i = 0; i < packed.texts().size(); i++) {
            int count = output.count(packed.texts().get(i));
            results.get(packed.place(i)).put(output, values.next(count, width));
        }
    }

    private <T> T call(Callable<T> task) {
        return torch.call(settings.threads(), task);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            free();
        }
    }

    private void free() {
        torch.call(() -> {
            handles.close();
            return null;
        });
    }
}
