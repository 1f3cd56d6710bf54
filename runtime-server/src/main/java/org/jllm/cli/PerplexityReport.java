package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.jllm.evaluation.Divergence;
import org.jllm.evaluation.EvaluationText;
import org.jllm.evaluation.PerplexityFigures;
import org.jllm.evaluation.Windows;
import org.jspecify.annotations.Nullable;

/**
 * How well a model predicts a text, as rows or as one JSON object.
 *
 * @param usual whether the length of the windows is the default
 * @param reference null: there is none
 */
record PerplexityReport(
        String model,
        Path file,
        EvaluationText text,
        Windows windows,
        boolean usual,
        PerplexityFigures figures,
        ReferenceFlags.@Nullable Reference reference) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    void print(PrintStream out, boolean json) throws JsonProcessingException {
        if (json) {
            out.println(MAPPER.writeValueAsString(object()));
        } else {
            rows(out);
        }
    }

    private ObjectNode object() {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("model", model);
        node.put("file", file.toString());
        node.put("bytes", text.bytes());
        node.put("characters", text.characters());
        node.put("tokens_scored", figures.tokens());
        node.put("windows", figures.windows());
        node.put("context", windows.length());
        node.put("stride", windows.stride());
        node.put("negative_log_likelihood", figures.negativeLogLikelihood());
        node.put("perplexity", figures.perplexity());
        node.put("bits_per_byte", figures.bitsPer(text.bytes()));
        node.put("bits_per_character", figures.bitsPer(text.characters()));
        node.put("seconds", figures.seconds());
        node.put("tokens_per_second", figures.tokensPerSecond());
        Divergence divergence = figures.divergence();
        if (divergence != null && reference != null) {
            ObjectNode compared = node.putObject("reference");
            compared.put("model", reference.model());
            compared.put("dtype", reference.options().dtype());
            compared.put("negative_log_likelihood", divergence.referenceNegativeLogLikelihood());
            compared.put("perplexity", divergence.referencePerplexity());
            compared.put("kl_divergence_mean", divergence.mean());
            compared.put("kl_divergence_max", divergence.largest());
            compared.put("same_top_token", divergence.sameTop());
        }
        return node;
    }

    private void rows(PrintStream out) {
        row(out, "text", "%d bytes, %d characters", text.bytes(), text.characters());
        row(
                out,
                "windows",
                "%d of %d tokens%s, stride %d",
                figures.windows(),
                windows.length(),
                usual ? " (the default)" : "",
                windows.stride());
        row(out, "scored", "%d tokens, %.1f tokens/s", figures.tokens(), figures.tokensPerSecond());
        row(out, "likelihood", "%.6f nats per token, negative logarithm", figures.negativeLogLikelihood());
        row(out, "perplexity", "%.4f", figures.perplexity());
        row(
                out,
                "bits",
                "%.4f per byte, %.4f per character",
                figures.bitsPer(text.bytes()),
                figures.bitsPer(text.characters()));
        Divergence divergence = figures.divergence();
        if (divergence != null && reference != null) {
            String type = reference.options().dtype();
            row(
                    out,
                    "reference",
                    "%s%s, perplexity %.4f",
                    reference.model(),
                    type == null ? "" : " in " + type,
                    divergence.referencePerplexity());
            row(out, "divergence", "%.3e nats mean, %.3e largest", divergence.mean(), divergence.largest());
            row(out, "same top", "%.3f%% of the tokens", divergence.sameTop() * 100);
        }
    }

    private static void row(PrintStream out, String name, String format, Object... values) {
        out.printf("%-12s %s%n", name, String.format(Locale.ROOT, format, values));
    }
}
