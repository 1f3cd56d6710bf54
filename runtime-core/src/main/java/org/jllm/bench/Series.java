package org.jllm.bench;

/** One figure of one contestant, measured once in each round. */
public record Series(String contestant, Workload workload, Metric metric) {}
