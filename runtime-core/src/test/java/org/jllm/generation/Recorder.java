package org.jllm.generation;

import java.util.ArrayList;
import java.util.List;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationResult;
import org.jllm.api.JllmException;
import org.jllm.api.TextChunk;

/** Keeps what it hears. */
class Recorder implements GenerationObserver {
    final List<TextChunk> chunks = new ArrayList<>();
    GenerationResult result;
    JllmException error;
    int endings;

    @Override
    public void onChunk(TextChunk chunk) {
        if (endings > 0) {
            throw new AssertionError("a chunk after the end");
        }
        chunks.add(chunk);
    }

    @Override
    public void onEnd(GenerationResult end) {
        result = end;
        endings++;
    }

    @Override
    public void onError(JllmException failure) {
        error = failure;
        endings++;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.text()));
        return text.toString();
    }
}
