package dev.igarape.jobs.landing.kafka.datum;

import java.util.List;

/**
 * A compiled writer schema.
 *
 * @param code instructions, see {@link Op}; the entry is 0
 * @param paths by index in the code, the field that the instruction reads
 * @param reasons what {@link Op#EVENT_UNREADABLE} says
 */
record SkipProgram(int[] code, List<String> paths, List<String> reasons) {}
