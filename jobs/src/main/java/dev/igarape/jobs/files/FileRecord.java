package dev.igarape.jobs.files;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a file holds, one after the other: records, and what can't be read as one. */
sealed interface FileRecord {
    /** The line on which it begins, from 1. */
    long line();

    /**
     * A record.
     *
     * @param body its text as received, without its line end
     * @param row CSV only: cells by column, null where a cell is empty and not quoted
     */
    record Good(long line, String body, Optional<Map<String, String>> row) implements FileRecord {
        public Good {
            row = row.map(cells -> Collections.unmodifiableMap(new LinkedHashMap<>(cells)));
        }
    }

    /** Bytes that are no record, kept as they are. */
    record Bad(long line, Rule rule, String reason, byte[] bytes) implements FileRecord {}
}
