package org.jllm.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidModelException;
import org.jllm.encoding.EncoderOutput;
import org.jllm.generation.ComputeGate;

/** A graph that ONNX Runtime has loaded. One thread at a time. */
final class OnnxSession implements AutoCloseable {
    private final GraphPlan plan;
    private final OrtEnvironment environment = OnnxRuntime.get();
    private final OrtSession session;

    /**
     * Has ONNX Runtime load a graph.
     *
     * @throws InvalidModelException if it cannot
     */
    OnnxSession(GraphPlan plan, int threads) {
        this.plan = plan;
        try (SessionOptions options = new SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Threads that wait for the next text would take the cores from other engines.
            options.addConfigEntry("session.force_spinning_stop", "1");
            // Kept for each shape of a batch, of which there are many.
            options.setMemoryPatternOptimization(false);
            session = environment.createSession(plan.graph().file().toString(), options);
        } catch (OrtException e) {
            throw new InvalidModelException(
                    plan.graph().file() + " cannot be loaded by ONNX Runtime: " + OnnxRuntime.message(e), e);
        }
    }

    /**
     * Computes a batch.
     *
     * @param outputs that the graph gives
     */
    Map<EncoderOutput, OutputRows> run(PaddedBatch batch, Set<EncoderOutput> outputs) {
        List<OnnxTensor> owned = new ArrayList<>();
        try {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            for (Map.Entry<GraphInput, GraphValue> input : plan.inputs().entrySet()) {
                OnnxTensor tensor = tensor(input.getValue(), batch.values(input.getKey(), plan.sizes()), batch.shape());
                owned.add(tensor);
                inputs.put(input.getValue().name(), tensor);
            }
            Set<String> names = new HashSet<>();
            outputs.forEach(output -> names.add(name(output)));
            try (OrtSession.Result results = ComputeGate.call(() -> session.run(inputs, names))) {
                Map<EncoderOutput, OutputRows> rows = new EnumMap<>(EncoderOutput.class);
                for (EncoderOutput output : outputs) {
                    rows.put(output, rows(output, results, batch));
                }
                return rows;
            }
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime failed: " + OnnxRuntime.message(e), e);
        } finally {
            owned.forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(GraphValue input, int[] values, long[] shape) throws OrtException {
        if (input.type().filter(GraphType.I32::equals).isPresent()) {
            return OnnxTensor.createTensor(environment, IntBuffer.wrap(values), shape);
        }
        long[] wide = Arrays.stream(values).asLongStream().toArray();
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(wide), shape);
    }

    private String name(EncoderOutput output) {
        String name = plan.outputs().get(output);
        if (name == null) {
            throw new IllegalArgumentException("the graph has no " + output);
        }
        return name;
    }

    private OutputRows rows(EncoderOutput output, OrtSession.Result results, PaddedBatch batch) {
        String name = name(output);
        if (!(results.get(name).orElse(null) instanceof OnnxTensor tensor)) {
            throw wrong(name, "no tensor");
        }
        FloatBuffer values = tensor.getFloatBuffer();
        if (values == null) {
            throw wrong(name, tensor.getInfo().type + " and no floating-point numbers");
        }
        long[] shape = tensor.getInfo().getShape();
        boolean tokens = output.rows() == EncoderOutput.Rows.TOKENS || output.rows() == EncoderOutput.Rows.ASKED;
        int texts = batch.texts().size();
        boolean fits = tokens
                ? shape.length == 3 && shape[0] == texts && shape[1] == batch.width()
                : shape.length == 2 && shape[0] == texts;
        if (!fits || values.remaining() == 0) {
            throw wrong(name, Arrays.toString(shape) + " for " + texts + " texts of " + batch.width() + " tokens");
        }
        return new OutputRows(array(values), tokens ? batch.width() : 1, (int) shape[shape.length - 1]);
    }

    /** The numbers of a buffer, which is a copy of its own with an array that is just as long. */
    private static float[] array(FloatBuffer values) {
        if (values.hasArray() && values.array().length == values.remaining()) {
            return values.array();
        }
        float[] array = new float[values.remaining()];
        values.get(array);
        return array;
    }

    private InvalidModelException wrong(String name, String what) {
        return new InvalidModelException(plan.graph().file() + " cannot be used: its output " + name + " is " + what);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime failed: " + OnnxRuntime.message(e), e);
        }
    }
}
