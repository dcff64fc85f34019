package dev.igarape.jobs.landing.files.content;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a file holds, one after the other: records, what can't be read as one, and what stands between them. */
public sealed interface FileRecord {
    /** The line on which it begins, from 1. */
    long line();

    /** How many lines end with it: together, as many as the file has. */
    long lines();

    /**
     * A record.
     *
     * @param body its text as received, without its line end
     * @param row CSV only: cells by column, null where a cell is empty and not quoted
     */
    record Good(long line, long lines, String body, Optional<Map<String, String>> row) implements FileRecord {
        public Good {
            row = row.map(cells -> Collections.unmodifiableMap(new LinkedHashMap<>(cells)));
        }
    }

    /** Bytes that are no record, kept as they are. */
    record Bad(long line, long lines, FileRule rule, String reason, byte[] bytes) implements FileRecord {}

    /** A line without anything in it, which is counted as dropped. */
    record Blank(long line) implements FileRecord {
        @Override
        public long lines() {
            return 1;
        }
    }

    /** Lines that say how records are to be read: the names of columns, or what is left of an array around records. */
    record Frame(long line, long lines) implements FileRecord {}
}
