package dev.igarape.jobs.landing.files.content;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A part of a file: a record, an invalid record, a blank line, or lines of structure. */
public sealed interface FileRecord {
    /** Its first line, from 1. */
    long line();

    /** Number of lines that end in it; over all parts, the number of lines of the file. */
    long lines();

    /**
     * A valid record.
     *
     * @param body its text as received, without the line end
     * @param row CSV only: cells by column, null for a cell that is empty and not quoted
     */
    record Valid(long line, long lines, String body, Optional<Map<String, String>> row) implements FileRecord {
        public Valid {
            row = row.map(cells -> Collections.unmodifiableMap(new LinkedHashMap<>(cells)));
        }
    }

    /** Bytes that are not a valid record, unchanged. */
    record Invalid(long line, long lines, FileRule rule, String reason, byte[] bytes) implements FileRecord {}

    /** A blank line, which is counted as dropped. */
    record Blank(long line) implements FileRecord {
        @Override
        public long lines() {
            return 1;
        }
    }

    /** Lines that are not records themselves: the column names, or brackets and commas of an array. */
    record Structure(long line, long lines) implements FileRecord {}
}
