package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.UnsupportedModelException;

/** The Python classes of Transformers 4.40 over a sentencepiece model. */
final class SentencePieceClasses {
    /** The classes that are known. */
    static final Set<String> NAMES = Set.of(
            "AlbertTokenizer",
            "BarthezTokenizer",
            "BertGenerationTokenizer",
            "CamembertTokenizer",
            "CodeLlamaTokenizer",
            "DebertaV2Tokenizer",
            "LlamaTokenizer",
            "MBart50Tokenizer",
            "MBartTokenizer",
            "MLukeTokenizer",
            "PlamoTokenizer",
            "ReformerTokenizer",
            "RemBertTokenizer",
            "T5Tokenizer",
            "XLMRobertaTokenizer",
            "XLNetTokenizer");

    private SentencePieceClasses() {}

    /** @param tokenizerClass one of {@link #NAMES} */
    static PythonTokenizer create(
            String tokenizerClass, SentencePieceModel model, ObjectNode config, Map<String, Path> files) {
        checkModelArguments(config.path("sp_model_kwargs"));
        PrefixedClasses prefixed = new PrefixedClasses(model, config, files);
        PieceIdClasses pieces = new PieceIdClasses(model, config, files);
        ShiftedIdClasses shifted = new ShiftedIdClasses(model, config, files);
        return switch (tokenizerClass) {
            case "LlamaTokenizer" -> prefixed.llama();
            case "CodeLlamaTokenizer" -> prefixed.codeLlama();
            case "PlamoTokenizer" -> prefixed.plamo();
            case "T5Tokenizer" -> prefixed.t5();
            case "AlbertTokenizer" -> pieces.albert();
            case "RemBertTokenizer" -> pieces.remBert();
            case "XLNetTokenizer" -> pieces.xlNet();
            case "DebertaV2Tokenizer" -> pieces.debertaV2();
            case "BarthezTokenizer" -> pieces.barthez();
            case "BertGenerationTokenizer" -> pieces.bertGeneration();
            case "ReformerTokenizer" -> pieces.reformer();
            case "XLMRobertaTokenizer" -> shifted.xlmRoberta();
            case "MLukeTokenizer" -> shifted.mluke();
            case "MBartTokenizer" -> shifted.mbart();
            case "MBart50Tokenizer" -> shifted.mbart50();
            case "CamembertTokenizer" -> shifted.camembert();
            default -> throw new IllegalArgumentException(tokenizerClass);
        };
    }

    /** Arguments of the library that do not change an encoding pass. */
    private static void checkModelArguments(JsonNode arguments) {
        for (String harmful : List.of("enable_sampling", "add_bos", "add_eos", "reverse", "emit_unk_piece")) {
            if (TokenizerJson.bool(arguments, harmful, false)) {
                throw new UnsupportedModelException("sp_model_kwargs." + harmful
                        + " is true, which would change the ids of a text; set it to false");
            }
        }
    }
}
