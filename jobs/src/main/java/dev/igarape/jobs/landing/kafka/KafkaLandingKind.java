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
import java.time.LocalDate;
import java.util.ArrayList;
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
        boolean byTopic = source.partitionBy().equals(Optional.of(Source.Kafka.TOPIC));
        return GivenFormat.avro(
                byTopic ? EnvelopeSchema.withoutTopic(envelope) : envelope,
                (date, rows) -> records(source, date, rows));
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

    /** The rows with what Kafka would add, where they do not say it themselves. */
    private static List<ObjectNode> records(Source.Kafka source, LocalDate date, List<ObjectNode> rows) {
        List<ObjectNode> records = new ArrayList<>();
        for (ObjectNode row : rows) {
            ObjectNode record = row.deepCopy();
            if (source.partitionBy().equals(Optional.of(Source.Kafka.TOPIC))) {
                record.remove("topic");
            } else if (!record.has("topic")) {
                record.put("topic", source.topics().get(0));
            }
            if (!record.has("partition")) {
                record.put("partition", 0);
            }
            if (!record.has("offset")) {
                record.put("offset", (long) records.size());
            }
            if (!record.has("timestamp")) {
                record.put("timestamp", date + "T00:00:00Z");
            }
            if (!record.has("schema_id")) {
                record.put("schema_id", 1);
            }
            records.add(record);
        }
        return records;
    }

    private static Source.Kafka source(Table table) {
        return table.definition().kafka().orElseThrow();
    }
}
