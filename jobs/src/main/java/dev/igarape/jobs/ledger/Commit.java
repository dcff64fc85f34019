package dev.igarape.jobs.ledger;

import dev.igarape.model.TableName;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One immutable entry of a table's ledger: what was consumed, what was written, and that the two balance.
 *
 * @param version format of the entry; a reader refuses one that it does not know
 * @param sequence position in the ledger, from 1 without holes
 * @param commitId names the folder of this commit; sorts by time
 * @param runId which run of a job made it; the same for a retry of an ambiguous commit
 * @param columns Spark SQL type by column name, without partition columns
 * @param avroSchema reader schema of an Avro table, as JSON
 * @param offsets consumed Kafka offsets by topic and partition; of a landing of files: their lengths, by path
 * @param topicIds Kafka's id of each topic, by which a topic that was created anew is told; of a landing of files:
 *     length, time and SHA-256, by path
 * @param dates what each date was built from; empty for Kafka landings
 * @param quarantine partitions of the quarantine table of this table
 */
public record Commit(
        int version,
        TableName table,
        long sequence,
        String commitId,
        String runId,
        String operation,
        Instant committedAt,
        String definitionHash,
        Map<String, String> columns,
        Optional<String> avroSchema,
        Map<String, Map<Integer, OffsetRange>> offsets,
        Map<String, String> topicIds,
        List<AcceptedGap> acceptedGaps,
        List<DateBuild> dates,
        List<PartitionVersion> partitions,
        List<PartitionVersion> quarantine,
        Balance balance) {
    public static final int VERSION = 1;

    public Commit {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        Map<String, Map<Integer, OffsetRange>> sorted = new TreeMap<>();
        offsets.forEach((topic, ranges) -> sorted.put(topic, Collections.unmodifiableMap(new TreeMap<>(ranges))));
        offsets = Collections.unmodifiableMap(sorted);
        topicIds = Collections.unmodifiableMap(new TreeMap<>(topicIds));
        acceptedGaps = List.copyOf(acceptedGaps);
        dates = List.copyOf(dates);
        partitions = List.copyOf(partitions);
        quarantine = List.copyOf(quarantine);
    }

    Commit at(long newSequence) {
        return new Commit(
                version,
                table,
                newSequence,
                commitId,
                runId,
                operation,
                committedAt,
                definitionHash,
                columns,
                avroSchema,
                offsets,
                topicIds,
                acceptedGaps,
                dates,
                partitions,
                quarantine,
                balance);
    }
}
