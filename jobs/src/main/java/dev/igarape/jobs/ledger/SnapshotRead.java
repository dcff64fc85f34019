package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A version of an input without dates that a build has read.
 *
 * @param commit number of the commit that made it
 * @param id that commit's, for numbers come again where a ledger was deleted, or restored from a backup; empty where a format
 *     before 6 did not say it, in whose JSON the number stands alone
 */
public record SnapshotRead(long commit, Optional<String> id) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SnapshotRead of(JsonNode json) {
        return json.isIntegralNumber()
                ? new SnapshotRead(json.longValue(), Optional.empty())
                : new SnapshotRead(
                        json.path("commit").asLong(),
                        Optional.ofNullable(json.path("id").textValue()));
    }
}
