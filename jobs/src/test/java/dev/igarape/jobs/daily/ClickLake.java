package dev.igarape.jobs.daily;

import dev.igarape.jobs.daily.ClickEvents.Event;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.KafkaLanding;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Row;

/** A lake of tables with intervals over {@link ClickEvents}, which two topics deliver. */
final class ClickLake {
    private static final String EVENTS =
            "SELECT e.* FROM (SELECT from_json(value, 'split int, id bigint, user string, at bigint') AS e FROM %s)";
    private static final String CLICKS = EVENTS.formatted("raw.clicks");
    private static final String VIEWS = EVENTS.formatted("raw.views");
    private static final Duration LOOKBACK = Duration.ofMinutes(10);

    private final LocalLake local;
    private final ZoneId zone;
    private final String prefix;

    /** @param prefix of a lake of its own, and of its topics */
    ClickLake(LocalLake local, ZoneId zone, String prefix) {
        this.local = local;
        this.zone = zone;
        this.prefix = prefix;
        local.kafka().createTopic(prefix + "clicks", 2, Map.of());
        local.kafka().createTopic(prefix + "views", 2, Map.of());
    }

    /** The tables that are built, inputs first. */
    static List<Table> built() {
        return List.of(
                table(
                        "windows",
                        5,
                        "SELECT split, user, window.start AS at, 0L AS id, count(DISTINCT id) AS n FROM (" + CLICKS
                                + ") GROUP BY split, user, window(timestamp_millis(at), '1 minute')",
                        input("raw.clicks", false)),
                table(
                        "each",
                        15,
                        "SELECT split, user, timestamp_millis(at) AS at, id, 1L AS n FROM (" + CLICKS
                                + ") WHERE id % 7 <> 5",
                        input("raw.clicks", false)),
                table(
                        "each_windows",
                        15,
                        "SELECT split, user, window.start AS at, 0L AS id, count(DISTINCT id) AS n FROM trusted.each"
                                + " GROUP BY split, user, window(at, '1 minute')",
                        input("trusted.each", false)),
                table(
                        "hours",
                        60,
                        "SELECT split, user, date_trunc('HOUR', at) AS at, 0L AS id, sum(n) AS n FROM trusted.windows"
                                + " GROUP BY split, user, date_trunc('HOUR', at)",
                        input("trusted.windows", false)),
                table(
                        "orphans",
                        60,
                        "SELECT DISTINCT split, user, timestamp_millis(at) AS at, id, 1L AS n FROM (" + CLICKS
                                + ") c LEFT ANTI JOIN (" + VIEWS + ") v ON v.split = c.split AND v.user = c.user"
                                + " AND v.at <= c.at AND v.at > c.at - 600000",
                        input("raw.clicks", false),
                        input("raw.views", true)),
                table(
                        "orphan_windows",
                        5,
                        "SELECT split, user, window.start AS at, 0L AS id, count(*) AS n FROM trusted.orphans"
                                + " GROUP BY split, user, window(at, '5 minutes')",
                        input("trusted.orphans", false)),
                table(
                        "recent",
                        15,
                        "SELECT c.split, c.user, timestamp_millis(c.at) AS at, c.id, count(DISTINCT o.id) AS n FROM ("
                                + CLICKS + ") c JOIN (" + CLICKS + ") o ON o.split = c.split AND o.user = c.user"
                                + " AND o.at <= c.at AND o.at > c.at - 600000 GROUP BY c.split, c.user, c.at, c.id",
                        input("raw.clicks", true)),
                table(
                        "sliding",
                        5,
                        "SELECT split, user, window.end AS at, 0L AS id, count(DISTINCT id) AS n FROM (" + CLICKS
                                + ") GROUP BY split, user, window(timestamp_millis(at), '10 minutes', '5 minutes')",
                        input("raw.clicks", true)));
    }

    private static Table table(String name, int minutes, String sql, Input... inputs) {
        return new Table(
                TableName.parse("trusted." + name),
                "",
                new DailyDefinition(sql, Optional.of("at"), Optional.of(Duration.ofMinutes(minutes))),
                Map.of(),
                List.of(inputs),
                List.of(),
                "forever",
                name);
    }

    private static Input input(String table, boolean lookback) {
        return new Input(TableName.parse(table), 0, lookback ? Optional.of(LOOKBACK) : Optional.empty());
    }

    private Table raw(String name) {
        Source.Kafka source =
                new Source.Kafka(List.of(prefix + name), "earliest", "json", Optional.of("at"), Optional.empty());
        return new Table(
                TableName.parse("raw." + name),
                "",
                new LandingDefinition(source),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                name);
    }

    /** The lake as one run at this time has it. */
    Lake at(String now, Step.Listener steps) throws IOException {
        return by(Clock.fixed(Instant.parse(now), ZoneOffset.UTC), steps);
    }

    /** The lake as a process has it whose clock goes on. */
    Lake by(Clock clock, Step.Listener steps) throws IOException {
        List<Table> tables = new ArrayList<>(List.of(raw("clicks"), raw("views")));
        tables.addAll(built());
        return local.lake(prefix, clock, steps, zone, tables.toArray(Table[]::new));
    }

    void send(List<Event> events) {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (Event event : events) {
                producer.send(new ProducerRecord<>(
                        prefix + (event.click() ? "clicks" : "views"),
                        event.json().getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }

    void land(Lake lake, Publishing publisher) throws Exception {
        for (String name : List.of("raw.clicks", "raw.views")) {
            Table table = lake.table(TableName.parse(name));
            new KafkaLanding(lake, publisher, local::spark)
                    .run(table, table.definition().kafka().orElseThrow(), false);
        }
    }

    /** Builds all dates that are due, of each table for which one is. */
    void build(Lake lake, Publishing publisher) throws Exception {
        build(lake, publisher, date -> true);
    }

    /** Likewise, of these dates. */
    void build(Lake lake, Publishing publisher, Predicate<LocalDate> dates) throws Exception {
        for (Table table : built()) {
            List<LocalDate> due = new Planner(lake)
                    .plan(Set.of(table.name())).stream()
                            .filter(PlannedDate::isDue)
                            .map(PlannedDate::date)
                            .filter(dates)
                            .toList();
            if (!due.isEmpty()) {
                new DailyBuild(lake, publisher, local::spark).run(table, due, BuildOverrides.NOTHING);
            }
        }
    }

    /** Rows as {@link ClickEvents#truth} has them, with the dates of their partitions. */
    List<String> rows(Lake lake) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Table table : built()) {
            String folder = lake.target().folder(table.name()) + "/";
            List<CurrentPartition> partitions = lake.ledger(table.name()).read().partitions().stream()
                    .filter(current -> current.partition().files() > 0)
                    .toList();
            if (partitions.isEmpty()) {
                continue;
            }
            String[] paths = partitions.stream()
                    .map(current -> folder + current.partition().path())
                    .toArray(String[]::new);
            for (Row row : local.spark()
                    .read()
                    .option("recursiveFileLookup", "true")
                    .parquet(paths)
                    .selectExpr(
                            "regexp_extract(_metadata.file_path, 'date=([0-9-]+)', 1)",
                            "split",
                            "user",
                            "at",
                            "id",
                            "n")
                    .collectAsList()) {
                lines.add(table.name().name() + " " + row.get(0) + " " + row.get(1) + " " + row.get(2) + " "
                        + row.<Instant>getAs(3) + " " + row.get(4) + " " + row.get(5));
            }
        }
        return lines.stream().sorted().toList();
    }
}
