package dev.igarape.cli.demo.checked;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.demo.Topic;
import dev.igarape.cli.query.OutputFormat;
import dev.igarape.cli.query.TrinoClient;
import dev.igarape.model.DateRange;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferSerializer;

/**
 * A demo that knows the answer: what happens reaches Kafka, HDFS and a database in parts, and the pipeline runs after each. Then its
 * tables have to show what followed, whatever the order. Sent again, the same events change nothing in them.
 */
public final class CheckedDemo {
    private static final int SHOWN_DIFFERENCES = 5;

    private final Target target;
    private final Runs runs;
    private final LakeFiles files;
    private final CapturedDatabase database;
    private final Progress progress;

    /** Builds tables for a range of dates. */
    @FunctionalInterface
    public interface Runs {
        /** @param tables empty: all of the pipeline */
        void build(List<TableName> tables, DateRange range);
    }

    public CheckedDemo(Target target, Runs runs, LakeFiles files, CapturedDatabase database, Progress progress) {
        this.target = target;
        this.runs = runs;
        this.files = files;
        this.database = database;
        this.progress = progress;
    }

    /** @throws LakeException EXPECTATION if a table shows anything else than what happened */
    public void run(Scenario scenario, PrintWriter out) {
        Set<String> fresh = new HashSet<>();
        for (String name : scenario.topics()) {
            Topic topic = new Topic(name, target.kafka());
            if (!topic.exists()) {
                fresh.add(name);
            }
            // The timestamps are years old, and a broker drops such records after some minutes otherwise.
            topic.createIfMissing(Map.of("retention.ms", "-1"));
        }
        send(scenario.before().stream()
                .filter(delivery -> fresh.contains(delivery.topic()))
                .toList());
        List<Part> parts = scenario.parts(target);
        LocalDate begun = LocalDate.now(ZoneOffset.UTC);
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            send(part.records());
            part.files().forEach((path, content) -> files.put(path, content.getBytes(StandardCharsets.UTF_8)));
            if (!part.statements().isEmpty()) {
                database.change(scenario.capture().orElseThrow(), part.statements());
            }
            progress.step("Sent part %d of %d: %s".formatted(i + 1, parts.size(), contents(part)));
            if (!part.statements().isEmpty()) {
                LocalDate tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1);
                runs.build(scenario.captured(), new DateRange(begun, tomorrow));
            }
            runs.build(List.of(), scenario.dates());
        }
        scenario.checks(target).forEach(check -> check(check, scenario));
        for (Shown shown : scenario.shown(target)) {
            out.printf("%n%s%n", shown.title());
            OutputFormat.TABLE.write(new TrinoClient(target).query(shown.sql()), out);
            out.flush();
        }
    }

    private static String contents(Part part) {
        List<String> contents = new ArrayList<>();
        if (!part.records().isEmpty()) {
            contents.add(part.records().size() + " records, some twice and some late");
        }
        if (!part.files().isEmpty()) {
            contents.add(part.files().size() + " files");
        }
        if (!part.statements().isEmpty()) {
            contents.add("changes of a database");
        }
        return String.join(", ", contents);
    }

    private void send(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        Map<String, Object> properties = new HashMap<>(target.kafka());
        properties.put("acks", "all");
        try (KafkaProducer<byte[], ByteBuffer> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteBufferSerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (Delivery delivery : deliveries) {
                sent.add(producer.send(new ProducerRecord<>(
                        delivery.topic(),
                        null,
                        delivery.at().toEpochMilli(),
                        delivery.key().getBytes(StandardCharsets.UTF_8),
                        delivery.value().duplicate())));
            }
            for (Future<?> record : sent) {
                record.get();
            }
        } catch (ExecutionException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot send to Kafka: %s. Is it up? ./lake status tells."
                            .formatted(e.getCause().getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void check(Check check, Scenario scenario) {
        List<String> rows = new TrinoClient(target)
                .query(check.sql()).rows().stream()
                        .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                        .toList();
        List<String> truth = check.truth();
        if (!rows.equals(truth)) {
            List<String> missing = new ArrayList<>(truth);
            missing.removeAll(rows);
            List<String> wrong = new ArrayList<>(rows);
            wrong.removeAll(truth);
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "%s shows %d rows, and %d follow from the events. Missing: %s. Wrong: %s. If others have sent to the topics %s or delivered files, too, run the demo on a stack of its own; otherwise it is a bug, please report it."
                            .formatted(
                                    check.table(),
                                    rows.size(),
                                    truth.size(),
                                    some(missing),
                                    some(wrong),
                                    scenario.topics()));
        }
        progress.step("%s shows what follows from the events: %d rows".formatted(check.table(), rows.size()));
    }

    private static String some(List<String> rows) {
        String first = rows.stream().limit(SHOWN_DIFFERENCES).collect(Collectors.joining("; "));
        return rows.size() > SHOWN_DIFFERENCES ? first + "; and " + (rows.size() - SHOWN_DIFFERENCES) + " more" : first;
    }
}
