package dev.igarape.model.job;

import dev.igarape.model.TableName;
import java.util.List;

/**
 * An outdated definition by which dates of a table were built.
 *
 * @param dates number of dates built by it
 * @param diff unified diff to the current definition; empty if the ledger does not have the old one, or if they differ
 *     only in the time zone
 */
public record Redefinition(TableName table, int dates, List<String> diff) {
    public Redefinition {
        diff = List.copyOf(diff);
    }
}
