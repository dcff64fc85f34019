package dev.igarape.jobs.keyed;

import dev.igarape.jobs.avro.AvroUnions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.schema.RegistryWriterSchemas;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.registry.SchemaRegistryException;
import dev.igarape.wire.registry.UnusableSchemaException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;

/**
 * What a connector has registered about the topics that a table of captured changes follows, which no envelope says: the
 * primary key of the source's table, and the units of its times.
 *
 * @see <a href="https://debezium.io/documentation/reference/3.4/connectors/postgresql.html#postgresql-temporal-types">Debezium:
 *     temporal types</a>
 */
final class ConnectorSchemas {
    /** Times that come as other numbers than microseconds, or as moments though they are none, and what they are. */
    private static final Map<String, String> OTHER_TIMES = Map.of(
            "io.debezium.time.Timestamp", "milliseconds",
            "io.debezium.time.NanoTimestamp", "nanoseconds",
            "org.apache.kafka.connect.data.Timestamp", "milliseconds");

    private ConnectorSchemas() {}

    /**
     * Checks a table against the topics that its input lands; a topic of which nothing is registered is taken as it is.
     *
     * @throws LakeException DEFINITION if the keys are not those of the topic, or it has none, or a time would be read wrongly;
     *     UNAVAILABLE if the registry is down
     */
    static void requireFit(Lake lake, Table table) {
        KeyedDefinition definition = (KeyedDefinition) table.definition();
        Map<String, String> registry = lake.target().registry();
        if (definition.cdc().isEmpty() || registry.isEmpty()) {
            return;
        }
        Set<String> faults = new LinkedHashSet<>();
        List<String> landed = table.inputs().stream()
                .flatMap(input -> lake.table(input.table()).definition().kafka().stream())
                .filter(landing -> landing.format().equals("avro"))
                .map(Source.Kafka::topics)
                .flatMap(List::stream)
                .toList();
        followed(landed, definition.cdc().get().epochs()).forEach(topic -> {
            Optional<Schema> key = latest(registry, topic + "-key");
            faults.addAll(faults(table, topic, key, Optional.empty()));
            // The topic still has envelopes of its earlier schemas.
            List<Schema> envelopes = all(registry, topic + "-value");
            envelopes.forEach(schema -> faults.addAll(faults(table, topic, Optional.empty(), Optional.of(schema))));
            if (!envelopes.isEmpty() && key.isEmpty() && !isRegistered(registry, topic + "-key")) {
                faults.add(withoutKey(topic));
            }
        });
        if (!faults.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot build " + table.name() + ": " + String.join(" ", faults)
                            + " Readers keep the old version.");
        }
    }

    /**
     * The topics of these epochs. A topic is called as the connector's {@code topic.prefix}, with the source's table
     * behind a dot; where none is called so, the connector names them otherwise, and all may be of these epochs.
     *
     * @param epochs empty: of any
     */
    static List<String> followed(List<String> topics, List<String> epochs) {
        List<String> ofEpochs = topics.stream()
                .filter(topic -> epochs.stream().anyMatch(epoch -> topic.startsWith(epoch + ".")))
                .toList();
        return ofEpochs.isEmpty() ? topics : ofEpochs;
    }

    private static List<Schema> all(Map<String, String> registry, String subject) {
        List<Schema> schemas = new ArrayList<>();
        try {
            SchemaRegistryClient client = RegistryWriterSchemas.client(registry);
            for (int version : client.versions(subject)) {
                schemas.add(client.version(subject, version).schema());
            }
        } catch (SchemaNotFoundException | UnusableSchemaException e) {
            // As for the latest one.
            return schemas;
        } catch (SchemaRegistryException e) {
            throw RegistryWriterSchemas.failure(e);
        }
        return schemas;
    }

    private static Optional<Schema> latest(Map<String, String> registry, String subject) {
        try {
            SchemaRegistryClient client = RegistryWriterSchemas.client(registry);
            return Optional.of(client.latest(subject).schema());
        } catch (SchemaNotFoundException | UnusableSchemaException e) {
            // The connector may write keys by another converter, or under other subjects.
            return Optional.empty();
        } catch (SchemaRegistryException e) {
            throw RegistryWriterSchemas.failure(e);
        }
    }

    private static boolean isRegistered(Map<String, String> registry, String subject) {
        try {
            return !RegistryWriterSchemas.client(registry).versions(subject).isEmpty();
        } catch (SchemaNotFoundException e) {
            return false;
        } catch (SchemaRegistryException e) {
            throw RegistryWriterSchemas.failure(e);
        }
    }

    /** What is wrong with a topic whose records have no key, so that rows can't be told apart. */
    static String withoutKey(String topic) {
        return "its topic " + topic + " has values in the registry, but no keys (subject " + topic
                + "-key), so the source's table has no primary key, and different rows may share the declared ones. Give that"
                + " table a primary key, or name columns that are one in the connector's \"message.key.columns\", have the"
                + " connector write keys as Avro, and capture it under a new topic.prefix: what the topic has stays without"
                + " keys.";
    }

    /**
     * What does not fit.
     *
     * @param key schema of the topic's keys
     * @param envelope schema of its values
     */
    static List<String> faults(Table table, String topic, Optional<Schema> key, Optional<Schema> envelope) {
        List<String> faults = new ArrayList<>();
        List<String> declared = ((KeyedDefinition) table.definition()).keys();
        key.filter(schema -> schema.getType() == Schema.Type.RECORD).ifPresent(schema -> {
            List<String> primary =
                    schema.getFields().stream().map(Schema.Field::name).toList();
            if (!ignoringCase(primary).equals(ignoringCase(declared))) {
                faults.add("its keys are declared as " + declared + ", but topic " + topic + " has changes by "
                        + primary
                        + ", the primary key of its table. Deletions tell only that, and a row whose " + declared
                        + " is changed would stay under the old one, too. Declare keys: " + primary + ".");
            }
        });
        envelope.flatMap(ConnectorSchemas::row)
                .ifPresent(row -> table.columns().forEach((name, type) -> {
                    Optional<String> unit = row.getFields().stream()
                            .filter(field -> field.name().equalsIgnoreCase(name))
                            .findFirst()
                            .flatMap(field -> Optional.ofNullable(
                                    AvroUnions.withoutNull(field.schema()).getProp("connect.name")))
                            .flatMap(meaning -> Optional.ofNullable(OTHER_TIMES.get(meaning)));
                    if (unit.isPresent() && type.startsWith("timestamp")) {
                        faults.add("column " + name + " is declared " + type + ", but topic " + topic + " has it in "
                                + unit.get()
                                + " and not in microseconds. Put \"time.precision.mode\": \"microseconds\" into the connector's file"
                                + " and land its new topic, or declare it bigint.");
                    }
                }));
        return faults;
    }

    private static Set<String> ignoringCase(List<String> names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(names);
        return set;
    }

    private static Optional<Schema> row(Schema envelope) {
        return Optional.of(envelope)
                .filter(schema -> schema.getType() == Schema.Type.RECORD)
                .map(schema -> schema.getField("after"))
                .map(field -> AvroUnions.withoutNull(field.schema()))
                .filter(schema -> schema.getType() == Schema.Type.RECORD);
    }
}
