package org.jllm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.machine.Machine;

/**
 * What figures were measured with.
 *
 * @param threads that computed
 * @param versions of the program, of Java and of the engines, by their names
 */
record BenchMachine(int threads, Map<String, String> versions) {
    /** Starts the engines. */
    static BenchMachine of(Jllm jllm, LoadOptions options, List<String> engines) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("jllm", Version.number());
        versions.put("java", Runtime.version().toString());
        for (String engine : engines) {
            versions.put(engine, jllm.loader(engine).version());
        }
        Integer threads = options.orElse(jllm.settings().load()).threads();
        return new BenchMachine(Objects.requireNonNullElseGet(threads, Machine::physicalCores), versions);
    }

    void describe(ObjectNode report) {
        ObjectNode machine = report.putObject("machine");
        machine.put("processor", Machine.processor());
        Machine.instructionSets().forEach(machine.putArray("instruction_sets")::add);
        machine.put("physical_cores", Machine.physicalCores());
        machine.put("memory_bytes", Machine.memoryBytes());
        Machine.lastLevelCacheBytes().ifPresent(bytes -> machine.put("last_level_cache_bytes", bytes));
        report.put("threads", threads);
        versions.forEach(report.putObject("versions")::put);
    }
}
