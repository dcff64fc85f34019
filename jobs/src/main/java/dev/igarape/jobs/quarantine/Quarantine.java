package dev.igarape.jobs.quarantine;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.schema.RegistryWriterSchemas;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.model.Table;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.QuarantineCount;
import dev.igarape.wire.json.AvroToJson;
import dev.igarape.wire.serde.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/** Counts and shows quarantined rows, in the partitions that the ledgers name. */
public final class Quarantine {
    private final Lake lake;
    private final Map<Integer, Optional<Schema>> schemas = new LinkedHashMap<>();
    private Optional<WriterSchemas> registry = Optional.empty();

    public Quarantine(Lake lake) {
        this.lake = lake;
    }

    /** Which rows to show; empty: all. */
    public record Filter(Optional<LocalDate> date, Optional<String> rule, int limit) {
        private boolean takes(QuarantinedRow row) {
            return rule.isEmpty() || rule.get().equals(row.rule());
        }
    }

    /** Counts the rows of a table by date and rule. */
    public List<QuarantineCount> counts(Table table) throws IOException {
        Map<String, QuarantineCount> counts = new TreeMap<>();
        QuarantineFiles files = new QuarantineFiles(lake, table);
        for (CurrentPartition placed : lake.ledger(table.name()).read().quarantine()) {
            files.read(placed, row -> {
                counts.merge(
                        row.date() + " " + row.rule(),
                        new QuarantineCount(table.name(), row.date(), row.rule(), 1, row.commit()),
                        (one, other) -> new QuarantineCount(
                                table.name(),
                                one.date(),
                                one.rule(),
                                one.rows() + other.rows(),
                                Math.max(one.commit(), other.commit())));
                return true;
            });
        }
        return List.copyOf(counts.values());
    }

    /** The first rows of a table that match the filter, each as fields of JSON, decoded as far as possible. */
    public List<Map<String, Object>> rows(Table table, Filter filter) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        QuarantineFiles files = new QuarantineFiles(lake, table);
        for (CurrentPartition placed : lake.ledger(table.name()).read().quarantine()) {
            boolean selected = filter.date().isEmpty()
                    || filter.date().get().equals(placed.partition().date());
            if (selected && rows.size() < filter.limit()) {
                files.read(placed, row -> {
                    if (filter.takes(row)) {
                        rows.add(fields(row));
                    }
                    return rows.size() < filter.limit();
                });
            }
        }
        return rows;
    }

    private Map<String, Object> fields(QuarantinedRow row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("date", row.date().toString());
        fields.put("commit", row.commit());
        fields.put("rule", row.rule());
        fields.put("reason", row.reason());
        row.topic().ifPresent(topic -> fields.put("topic", topic));
        row.partition().ifPresent(partition -> fields.put("partition", partition));
        row.offset().ifPresent(offset -> fields.put("offset", offset));
        row.timestamp().ifPresent(timestamp -> fields.put("timestamp", timestamp.toString()));
        row.schemaId().ifPresent(id -> fields.put("schema_id", id));
        row.key().ifPresent(key -> put(fields, "key", key));
        row.value()
                .ifPresent(value -> decoded(row, value)
                        .ifPresentOrElse(json -> fields.put("value_json", json), () -> put(fields, "value", value)));
        row.row().ifPresent(json -> fields.put("row", json));
        return fields;
    }

    /** Bytes as text if they are valid UTF-8, otherwise in base64. */
    private static void put(Map<String, Object> fields, String name, byte[] bytes) {
        try {
            fields.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            fields.put(name + "_base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** A Confluent-framed Avro message as JSON; empty if its schema is not available or its bytes do not match. */
    private Optional<String> decoded(QuarantinedRow row, byte[] value) {
        if (row.schemaId().isEmpty() || value.length < WireFormat.HEADER_LENGTH) {
            return Optional.empty();
        }
        int from = WireFormat.HEADER_LENGTH;
        return schemas.computeIfAbsent(row.schemaId().get(), this::schema).flatMap(schema -> {
            try {
                return Optional.of(AvroToJson.toJson(schema, value, from, value.length - from));
            } catch (SerializationException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<Schema> schema(int id) {
        try {
            if (registry.isEmpty()) {
                registry = Optional.of(
                        RegistryWriterSchemas.factory(lake.target().registry()).create());
            }
            return registry.get().byId(id) instanceof WriterSchemas.Known known
                    ? Optional.of(known.schema())
                    : Optional.empty();
        } catch (LakeException e) {
            // Without the registry, the row is shown as received.
            return Optional.empty();
        }
    }
}
