package org.jllm.torch;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.encoding.AudioBackend;
import org.jllm.encoding.AudioCapabilities;
import org.jllm.encoding.EncodedAudio;

/** An encoder of sound whose architecture is a TorchScript module. */
final class TorchAudio implements AudioBackend {
    private final LibTorch torch;
    private final AudioCapabilities capabilities;
    private final Settings settings;
    private final Handles handles;
    private final ScriptModule module;
    private final IValue listener;
    private boolean closed;

    /** How it is run. */
    record Settings(WeightForm form, int threads) {}

    /** @param weights have been found to fit the plan */
    TorchAudio(LibTorch torch, ModelWeights weights, AudioPlan plan, Settings settings) {
        this.torch = torch;
        this.settings = settings;
        capabilities = plan.capabilities();
        handles = new Handles(torch);
        module = torch.call(() -> torch.module(plan.script(), ScriptFrame.AUDIO));
        try {
            listener = call(() -> {
                try (Handles step = handles.nested()) {
                    IValue tensors =
                            WeightLoader.load(torch, module, weights, plan.tensors(), settings.form(), step, handles);
                    return handles.own(module.build(tensors, plan.integers(), plan.numbers(), plan.lists(), step));
                }
            });
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    @Override
    public AudioCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public List<EncodedAudio> encode(List<float[]> waveforms) {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
        int[] frames = frames(waveforms);
        return call(() -> compute(waveforms, frames));
    }

    /** How many frames each waveform has. */
    private int[] frames(List<float[]> waveforms) {
        if (waveforms.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one waveform");
        }
        int[] frames = new int[waveforms.size()];
        long all = 0;
        for (int i = 0; i < frames.length; i++) {
            int samples = waveforms.get(i).length;
            frames[i] = capabilities.frames(samples);
            all += frames[i];
            if (frames[i] == 0) {
                throw new IllegalArgumentException("a waveform of " + samples + " samples is too short for one frame");
            }
        }
        if (all > capabilities.maxFrames()) {
            throw new IllegalArgumentException("the waveforms have " + all + " frames, more than the "
                    + capabilities.maxFrames() + " of a batch: cut them into parts");
        }
        return frames;
    }

    private List<EncodedAudio> compute(List<float[]> waveforms, int[] frames) {
        try (Handles step = handles.nested()) {
            long[] lengths =
                    waveforms.stream().mapToLong(waveform -> waveform.length).toArray();
            IValue tensors = step.own(module.run(
                    "listen", listener, step.of(settings.form().device()), samples(waveforms, step), step.of(lengths)));
            PtNDArray[] arrays = tensors.toTensorArray(module.manager());
            for (PtNDArray array : arrays) {
                step.own(array);
            }
            List<float[][]> features = rows(arrays[0], frames);
            List<float[][]> hiddenStates = rows(arrays[1], frames);
            List<EncodedAudio> results = new ArrayList<>();
            for (int i = 0; i < frames.length; i++) {
                results.add(new EncodedAudio(features.get(i), hiddenStates.get(i)));
            }
            return results;
        }
    }

    /** The samples of all waveforms, one after the other. */
    private IValue samples(List<float[]> waveforms, Handles step) {
        int count = waveforms.stream().mapToInt(waveform -> waveform.length).sum();
        FloatBuffer samples = FloatBuffer.allocate(count);
        waveforms.forEach(samples::put);
        PtNDArray array = (PtNDArray) module.manager().create(samples.array(), new Shape(count));
        return step.own(IValue.from(step.own(array)));
    }

    private static List<float[][]> rows(PtNDArray array, int[] frames) {
        FloatRows values = new FloatRows(array);
        int width = (int) array.getShape().get(1);
        List<float[][]> rows = new ArrayList<>();
        for (int count : frames) {
            rows.add(values.next(count, width));
        }
        return rows;
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
