package org.jllm.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.verify.Verdict;
import org.jllm.verify.Verdict.Outcome;
import org.jllm.verify.Verifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Compares models and tokenizers with the outputs of the reference implementation.",
        footer = "Exits with 1 unless every case passes.")
final class VerifyCommand implements Callable<Integer> {
    private static final String ROW = "%-32s %12s %12s  %s%n";

    private final Console console;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Folders with a golden.json.")
    private List<Path> paths = List.of();

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Jllm jllm = Jllm.ofUser();
        Verifier verifier = new Verifier(
                jllm.loader("transformers"), file -> jllm.loader("gguf").loadTokenizer(file));
        boolean passed = true;
        boolean any = false;
        for (Path path : paths) {
            List<Verdict> verdicts = verifier.verifyAll(path);
            if (verdicts.isEmpty()) {
                console.note("skipped " + path + ": it has no " + Verifier.FILE);
            }
            for (Verdict verdict : verdicts) {
                if (!any) {
                    console.out().printf(ROW, "case", "max|Δ|", "tolerance", "");
                    any = true;
                }
                console.out().printf(ROW, verdict.name(), verdict.measured(), verdict.allowed(), verdict.outcome());
                console.out().flush();
                if (!verdict.detail().isEmpty()) {
                    console.note("  " + verdict.name() + ": " + verdict.detail());
                }
                passed &= verdict.outcome() == Outcome.PASS;
            }
        }
        if (!any) {
            console.error("there is nothing to verify: no PATH has a " + Verifier.FILE);
        }
        return any && passed ? 0 : Main.FAILED;
    }
}
