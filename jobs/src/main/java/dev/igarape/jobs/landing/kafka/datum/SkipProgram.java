package dev.igarape.jobs.landing.kafka.datum;

import java.util.List;

/**
 * A compiled writer schema.
 *
 * @param code instructions, see {@link Opcode}; starts at 0
 * @param paths for each index of the code, the field that the instruction reads
 * @param reasons messages of {@link Opcode#EVENT_UNREADABLE}
 */
record SkipProgram(int[] code, List<String> paths, List<String> reasons) {}
