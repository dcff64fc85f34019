package dev.igarape.model.job;

import dev.igarape.model.TableName;
import java.util.List;

/**
 * Where a live service answers: what it writes to its state file, which its owner alone may read, once it listens.
 *
 * @param host where it was told to listen
 * @param token what a caller has to know who hands it a run
 * @param tables those that it runs, in build order
 */
public record LiveProcess(long pid, String runId, String host, int port, String token, List<TableName> tables) {
    public LiveProcess {
        tables = List.copyOf(tables);
    }
}
