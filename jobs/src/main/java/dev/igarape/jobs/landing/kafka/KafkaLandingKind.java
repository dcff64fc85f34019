package dev.igarape.jobs.landing.kafka;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.jobs.kind.GivenFormat;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.SourceProbe;
import dev.igarape.jobs.kind.TableKind;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.model.Definition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** Tables landed from Kafka topics. */
public final class KafkaLandingKind implements TableKind {
    @Override
    public boolean handles(Definition definition) {
        return definition.kafka().isPresent();
    }

    @Override
    public List<TableRun> build(RunContext context, Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException {
        Lake lake = context.lake();
        KafkaClients clients = context.resources()
                .get(KafkaClients.class, () -> new KafkaClients(lake.target().kafka()));
        return List.of(new KafkaLanding(lake, context.publisher(), context.spark(), Optional.of(clients))
                .run(table, source(table), options.acceptGap()));
    }

    @Override
    public Optional<SourceProbe> probe(Lake lake, Table table) {
        TopicHandover handover = new TopicHandover(lake);
        List<String> topics = source(table).topics().stream()
                .filter(topic -> !handover.isTakenOver(table.name(), topic))
                .toList();
        return Optional.of(new TopicsProbe(lake, topics));
    }

    @Override
    public List<TableRun> replay(RunContext context, Table table) throws IOException, InterruptedException {
        return List.of(new KafkaReplay(context.lake(), context.publisher()).run(table, source(table)));
    }

    @Override
    public GivenFormat givenFormat(Lake lake, Table table, Path project, String test) throws IOException {
        Source.Kafka source = source(table);
        Schema envelope = schema(lake, table, source, project, test);
        ZoneId zone = lake.timezone(table);
        boolean byTopic = source.partitionBy().equals(Optional.of(Source.Kafka.TOPIC));
        return GivenFormat.avro(
                byTopic ? EnvelopeSchema.withoutTopic(envelope) : envelope,
                (row, date, place) -> fill(row, source, date.atStartOfDay(zone).toInstant(), place));
    }

    private static Schema schema(Lake lake, Table table, Source.Kafka source, Path project, String test)
            throws IOException {
        ValueFormat format = ValueFormat.of(source.format());
        if (format != ValueFormat.AVRO) {
            return EnvelopeSchema.around(format.plainSchema());
        }
        String owner = lake.manifest().owner(table.name()).orElseThrow().name();
        for (String topic : source.topics()) {
            Path file = project.resolve("pipelines").resolve(owner).resolve(topic + ".avsc");
            if (Files.exists(file)) {
                try {
                    return EnvelopeSchema.around(new Schema.Parser().parse(Files.readString(file)));
                } catch (SchemaParseException e) {
                    throw new LakeException(
                            ExitCode.DEFINITION, file + " is no Avro schema: " + e.getMessage() + ". Mend it.", e);
                }
            }
        }
        throw new LakeException(
                ExitCode.DEFINITION,
                test + " gives rows to " + table.name() + ", but there is no schema of its topic. Add pipelines/"
                        + owner + "/" + source.topics().get(0) + ".avsc.");
    }

    /** Adds what Kafka would add to a row that does not say it itself; it is sent when its date begins. */
    private static void fill(ObjectNode row, Source.Kafka source, Instant sent, long place) {
        if (source.partitionBy().equals(Optional.of(Source.Kafka.TOPIC))) {
            row.remove("topic");
        } else if (!row.has("topic")) {
            row.put("topic", source.topics().get(0));
        }
        if (!row.has("partition")) {
            row.put("partition", 0);
        }
        if (!row.has("offset")) {
            row.put("offset", place);
        }
        if (!row.has("timestamp")) {
            row.put("timestamp", sent.toString());
        }
        if (!row.has("schema_id")) {
            row.put("schema_id", 1);
        }
    }

    private static Source.Kafka source(Table table) {
        return table.definition().kafka().orElseThrow();
    }
}
