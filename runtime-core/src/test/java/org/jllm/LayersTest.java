package org.jllm;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;

/** A package uses only packages above it: the order of {@code docs/architecture.md}. */
@AnalyzeClasses(packages = "org.jllm", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    private static final List<String> FROM_THE_TOP = List.of(
            "api",
            "machine",
            "catalogue",
            "hub",
            "checkpoint",
            "tokenizer",
            "prompt",
            "encoding",
            "generation",
            "embedding",
            "registry",
            "torch",
            "onnx",
            "verify",
            "evaluation",
            "bench");

    @ArchTest
    static final ArchRule LAYERS = layers();

    @ArchTest
    static final ArchRule NO_CYCLES =
            SlicesRuleDefinition.slices().matching("org.jllm.(*)..").should().beFreeOfCycles();

    /** Engines are found by the service loader, so that one can be left out. */
    @ArchTest
    static final ArchRule ENGINES_ARE_UNKNOWN = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackages("org.jllm.torch..", "org.jllm.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.jllm.torch..", "org.jllm.onnx..");

    @ArchTest
    static final ArchRule ENGINES_ARE_STRANGERS = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("org.jllm.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jllm.torch..");

    /** DJL stays behind the engine and the tokenizers that it brings. */
    @ArchTest
    static final ArchRule DJL = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackages("org.jllm.torch..", "org.jllm.tokenizer..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule ONNX_RUNTIME = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackage("org.jllm.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    private static ArchRule layers() {
        LayeredArchitecture rule = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : FROM_THE_TOP) {
            rule = rule.layer(name).definedBy("org.jllm." + name + "..");
        }
        rule = rule.layer("facade").definedBy("org.jllm");
        rule = rule.whereLayer("facade").mayNotBeAccessedByAnyLayer();
        for (int i = 0; i < FROM_THE_TOP.size() - 1; i++) {
            List<String> below = FROM_THE_TOP.subList(i + 1, FROM_THE_TOP.size());
            String[] users = java.util.stream.Stream.concat(below.stream(), java.util.stream.Stream.of("facade"))
                    .toArray(String[]::new);
            rule = rule.whereLayer(FROM_THE_TOP.get(i)).mayOnlyBeAccessedByLayers(users);
        }
        return rule;
    }
}
