package org.jllm.bench;

import java.util.function.Supplier;
import org.jllm.tokenizer.Detokenizer;
import org.jllm.tokenizer.ForwardingTokenizer;
import org.jllm.tokenizer.Tokenizer;

/** A tokenizer that tells a clock when it turns a token into text. */
final class TimedTokenizer extends ForwardingTokenizer {
    private final Supplier<StepClock> clock;

    /** @param clock of the texts that begin now */
    TimedTokenizer(Tokenizer tokenizer, Supplier<StepClock> clock) {
        super(tokenizer);
        this.clock = clock;
    }

    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        Detokenizer detokenizer = super.detokenizer(skipSpecialTokens);
        StepClock current = clock.get();
        return new Detokenizer() {
            @Override
            public String next(int id) {
                current.enter(StepPart.DECODING);
                String text = detokenizer.next(id);
                current.enter(StepPart.TEXT);
                return text;
            }

            @Override
            public String finish() {
                return detokenizer.finish();
            }
        };
    }
}
