package dev.igarape.jobs.landing.kafka;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.offsets.LandedOffsets;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Handover of topics to a table that continues the landing of another ({@code start: after raw.orders}). The other lands nothing more of the topics
 * that are taken over; the new one begins behind the last offset of the other's ledger. So each record is in one of them.
 */
final class TopicHandover {
    private final Lake lake;

    TopicHandover(Lake lake) {
        this.lake = lake;
    }

    /** Whether another table goes on with this topic. */
    boolean isTakenOver(TableName table, String topic) {
        return lake.manifest().pipelines().stream()
                .flatMap(pipeline -> pipeline.tables().stream())
                .flatMap(other -> other.definition().kafka().stream())
                .anyMatch(source -> source.startsAfter().equals(Optional.of(table))
                        && source.topics().contains(topic));
    }

    /** What was landed of a topic: by the table itself or, before it ever did, by the one that it follows. */
    LandedOffsets landed(Source.Kafka source, String topic, LedgerState state) throws IOException {
        LedgerState holder = state;
        Optional<TableName> before = source.startsAfter();
        while (!holder.nextOffsets().containsKey(topic) && before.isPresent()) {
            holder = lake.ledger(before.get()).read();
            before = lake.manifest()
                    .table(before.get())
                    .flatMap(table -> table.definition().kafka())
                    .flatMap(Source.Kafka::startsAfter);
        }
        return new LandedOffsets(
                Optional.ofNullable(holder.topicIds().get(topic)),
                holder.nextOffsets().getOrDefault(topic, Map.of()));
    }

    /**
     * How to go on with topics whose new values a table can't hold.
     *
     * @param fit whether one table can hold the new values, so that Avro goes on in it
     */
    static String remedy(Lake lake, TableName table, Source.Kafka source, boolean fit) {
        Set<TableName> taken = lake.manifest().pipelines().stream()
                .flatMap(pipeline -> pipeline.tables().stream())
                .map(Table::name)
                .collect(Collectors.toSet());
        String first = table.toString().replaceFirst("_[0-9]+$", "");
        int number = 2;
        while (taken.contains(TableName.parse(first + "_" + number))) {
            number++;
        }
        String next = first + "_" + number;
        List<String> keys = new ArrayList<>();
        keys.add("topics: [" + String.join(", ", source.topics()) + "]");
        keys.add("start: after " + table);
        if (fit) {
            source.eventTime().ifPresent(field -> keys.add("event_time: " + field));
        } else {
            keys.add("format: bytes");
        }
        source.partitionBy()
                .filter(column -> fit || column.equals(Source.Kafka.TOPIC))
                .ifPresent(column -> keys.add("partition_by: " + column));
        if (source.dropsTombstones()) {
            keys.add("tombstones: drop");
        }
        return "Go on in a new table, from the first record that is not in this one: declare `" + next
                + ": {landing: {kafka: {" + String.join(", ", keys) + "}}}` beside it, and run ./lake run " + next
                + " --date " + LocalDate.ofInstant(lake.clock().instant(), ZoneOffset.UTC) + "."
                + (fit
                        ? " With `format: bytes` it takes values of any schema."
                        : " It takes values of any schema; no table can hold these as Avro."
                                + (source.eventTime().isPresent() ? " Rows get the date of Kafka's timestamp." : ""))
                + " What reads " + table + " has to read both.";
    }
}
