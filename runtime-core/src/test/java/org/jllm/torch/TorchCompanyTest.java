package org.jllm.torch;

import org.jllm.Jllm;
import org.jllm.api.LanguageModel;
import org.jllm.api.LoadOptions;
import org.jllm.generation.AbstractCompanyTest;

class TorchCompanyTest extends AbstractCompanyTest {
    @Override
    protected LanguageModel load(int guesses) {
        return Jllm.ofUser()
                .load("demo", LoadOptions.builder().promptLookup(guesses).build());
    }

    @Override
    protected long liveHandles() {
        return LibTorch.get().liveHandles();
    }
}
