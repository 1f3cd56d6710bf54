package org.jllm.gguf;

import java.nio.file.Path;
import org.jllm.api.GenerationOptions;
import org.jllm.api.LanguageModel;
import org.jllm.api.LoadOptions;
import org.jllm.generation.AbstractCompanyTest;
import org.jllm.generation.LoadedModel;
import org.jllm.generation.SchedulerLimits;
import org.jllm.tokenizer.Tokenizer;

class LlamaCppCompanyTest extends AbstractCompanyTest {
    @Override
    protected LanguageModel load(int guesses) {
        GgufLoader loader = new GgufLoader();
        Path file = TestModels.float32();
        Tokenizer tokenizer = loader.loadTokenizer(file);
        return new LoadedModel(
                "demo",
                loader.loadDecoder(file, LoadOptions.none(), ContextPlan.Attention.EXACT),
                tokenizer,
                loader.loadTemplate(file, tokenizer),
                GenerationOptions.none(),
                tokenizer.endIds(),
                SchedulerLimits.defaults().withGuesses(guesses));
    }

    /** Every handle of llama.cpp belongs to a model, whose closing LifecycleTest watches. */
    @Override
    protected long liveHandles() {
        return 0;
    }
}
