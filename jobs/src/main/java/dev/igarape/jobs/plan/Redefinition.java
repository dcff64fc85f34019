package dev.igarape.jobs.plan;

import dev.igarape.model.TableName;
import java.util.List;

/**
 * A definition that dates of a table were built by and that has changed since.
 *
 * @param dates how many dates have been built by it
 * @param diff unified, from the definition of then to that of now; empty where the ledger does not keep that of then, or
 *     where it differs in the timezone alone
 */
public record Redefinition(TableName table, int dates, List<String> diff) {
    public Redefinition {
        diff = List.copyOf(diff);
    }
}
