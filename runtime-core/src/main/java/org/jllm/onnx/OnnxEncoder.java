package org.jllm.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.api.InvalidModelException;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderCapabilities;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderLabels;
import org.jllm.encoding.EncoderOutput;
import org.jllm.onnx.PaddedBatch.Company;

/** An encoder whose graph ONNX Runtime computes. */
final class OnnxEncoder implements EncoderBackend {
    /** Enough rows for matrix products at full speed. */
    static final int MAX_BATCH_TOKENS = 2_048;

    /** Two dimensions of one length could be taken for each other. */
    private static final int PROBE_TOKENS = 2;

    /** What is told from the hidden states. */
    private static final Set<EncoderOutput> OF_STATES = EnumSet.of(EncoderOutput.MEAN, EncoderOutput.FIRST);

    private final GraphPlan plan;
    private final OnnxSession session;
    private final Company company;
    private final EncoderCapabilities capabilities;
    private boolean closed;

    /** @param context most tokens of a text */
    OnnxEncoder(GraphPlan plan, int threads, int context) {
        this.plan = plan;
        company = company(plan);
        session = new OnnxSession(plan, threads);
        try {
            capabilities = capabilities(context);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Company company(GraphPlan plan) {
        if (plan.batch() == 1 || plan.graph().mixesTexts()) {
            return Company.NONE;
        }
        return plan.inputs().containsKey(GraphInput.MASK) ? Company.LIKE_LENGTH : Company.SAME_LENGTH;
    }

    /** A short text shows how wide the outputs are, and that the graph can be computed at all. */
    private EncoderCapabilities capabilities(int context) {
        int[] ids = new int[Math.min(PROBE_TOKENS, context)];
        Arrays.fill(ids, plan.sizes().paddingId());
        Set<EncoderOutput> all = plan.outputs().keySet();
        PaddedBatch batch = PaddedBatch.of(List.of(EncoderInput.of(ids)), company, plan.length())
                .get(0);
        Map<EncoderOutput, OutputRows> first = session.run(batch, all);
        Set<EncoderOutput> outputs = EnumSet.copyOf(all);
        if (outputs.contains(EncoderOutput.HIDDEN_STATES)) {
            outputs.addAll(OF_STATES);
        }
        return new EncoderCapabilities(
                outputs,
                hidden(first),
                plan.sizes().vocabulary(),
                plan.sizes().types(),
                context,
                plan.sizes().positions(),
                0,
                0,
                plan.inputs().containsKey(GraphInput.MASK),
                MAX_BATCH_TOKENS,
                labels(first),
                plan.labels().map(EncoderLabels::problem).orElse(null));
    }

    /** Those of the configuration, or as many as the graph has logits, under the names that Transformers gives them. */
    private List<String> labels(Map<EncoderOutput, OutputRows> first) {
        OutputRows ofTexts = first.get(EncoderOutput.TEXT_LABELS);
        OutputRows rows = ofTexts == null ? first.get(EncoderOutput.TOKEN_LABELS) : ofTexts;
        if (rows == null) {
            return List.of();
        }
        List<String> labels = plan.labels()
                .map(EncoderLabels::names)
                .orElseGet(() -> IntStream.range(0, rows.width())
                        .mapToObj(i -> "LABEL_" + i)
                        .toList());
        if (rows.width() != labels.size()) {
            throw new InvalidModelException(plan.graph().file() + " gives logits for " + rows.width()
                    + " labels, but config.json has " + labels.size());
        }
        return labels;
    }

    private static int hidden(Map<EncoderOutput, OutputRows> first) {
        for (EncoderOutput output :
                List.of(EncoderOutput.HIDDEN_STATES, EncoderOutput.EMBEDDING, EncoderOutput.POOLED)) {
            OutputRows rows = first.get(output);
            if (rows != null) {
                return rows.width();
            }
        }
        return 0;
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
        Set<EncoderOutput> computed = EnumSet.noneOf(EncoderOutput.class);
        wanted.forEach(output -> computed.add(OF_STATES.contains(output) ? EncoderOutput.HIDDEN_STATES : output));
        List<EncodedText> results = new ArrayList<>(Collections.nCopies(texts.size(), null));
        for (PaddedBatch batch : PaddedBatch.of(texts, company, plan.length())) {
            Map<EncoderOutput, OutputRows> rows = session.run(batch, computed);
            for (int i = 0; i < batch.texts().size(); i++) {
                results.set(batch.places().get(i), result(batch.texts().get(i), i, rows, wanted));
            }
        }
        return results;
    }

    private static EncodedText result(
            EncoderInput text, int place, Map<EncoderOutput, OutputRows> rows, Set<EncoderOutput> wanted) {
        Map<EncoderOutput, float[][]> values = new EnumMap<>(EncoderOutput.class);
        for (EncoderOutput output : wanted) {
            OutputRows hidden = rows.get(EncoderOutput.HIDDEN_STATES);
            OutputRows own = rows.get(output);
            if (output == EncoderOutput.MEAN && hidden != null) {
                values.put(output, new float[][] {hidden.mean(text, place)});
            } else if (output == EncoderOutput.FIRST && hidden != null) {
                values.put(output, hidden.of(output, text, place));
            } else if (own != null) {
                values.put(output, own.of(output, text, place));
            }
        }
        return new EncodedText(values);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            session.close();
        }
    }
}
