package dev.igarape.model.job;

import dev.igarape.model.TableName;
import java.util.List;

/**
 * Where a live service answers: what it writes to its state file once it listens.
 *
 * @param port of 127.0.0.1, unless it was told to listen elsewhere
 * @param tables those that it runs, in build order
 */
public record LiveProcess(long pid, String runId, int port, List<TableName> tables) {
    public LiveProcess {
        tables = List.copyOf(tables);
    }
}
