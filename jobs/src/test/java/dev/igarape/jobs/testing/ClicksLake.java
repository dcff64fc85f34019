package dev.igarape.jobs.testing;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.KafkaLanding;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Row;

/**
 * A lake of clicks in a topic, landed as {@code raw.clicks}, counted by user and minute in {@code trusted.windows} and by
 * quarter of an hour in {@code gold.quarters}; both by intervals.
 */
public final class ClicksLake {
    public static final TableName RAW = TableName.parse("raw.clicks");
    public static final TableName WINDOWS = TableName.parse("trusted.windows");
    public static final TableName QUARTERS = TableName.parse("gold.quarters");
    public static final LocalDate DATE = LocalDate.parse("2024-01-01");
    /** Before the date is over. */
    public static final String NOON = "2024-01-01T12:00:00Z";
    /** After it. */
    public static final String NEXT_DAY = "2024-01-02T12:00:00Z";

    private static final String WINDOWS_SQL = """
            SELECT w.start AS started, user, sum(n) AS clicks
            FROM (
              SELECT e.user, e.n, window(timestamp_millis(e.at), '1 minute') AS w
              FROM (SELECT from_json(value, 'user string, at bigint, n bigint') AS e FROM raw.clicks)
            )
            GROUP BY w, user
            HAVING sum(n) > 0
            """;
    private static final String EACH_SQL = """
            SELECT timestamp_millis(e.at) AS started, e.user, e.n AS clicks
            FROM (SELECT from_json(value, 'user string, at bigint, n bigint') AS e FROM raw.clicks)
            WHERE e.user <> 'bot'
            """;
    private static final String QUARTERS_SQL = """
            SELECT w.start AS started, sum(clicks) AS clicks
            FROM (SELECT window(started, '15 minutes') AS w, clicks FROM trusted.windows)
            GROUP BY w
            """;
    private static final String MINUTES_SQL = """
            SELECT w.start AS started, user, sum(clicks) AS clicks
            FROM (SELECT window(started, '1 minute') AS w, user, clicks FROM trusted.windows)
            GROUP BY w, user
            HAVING sum(clicks) <> 0
            """;
    private static final AtomicInteger LAKES = new AtomicInteger();

    private final LocalLake local;
    private final String prefix = "c" + LAKES.incrementAndGet() + "_";

    public ClicksLake(LocalLake local) {
        this.local = local;
        // Kafka deletes old records, and those of some tests are.
        local.kafka().createTopic(topic(), 1, Map.of("retention.ms", "-1"));
    }

    /** The lake of the three tables at a moment. */
    public Lake open(String now) throws IOException {
        return open(now, Step.Listener.NONE, windows());
    }

    /** Likewise, with another table of windows, told of its steps. */
    public Lake open(String now, Step.Listener steps, Table windows) throws IOException {
        Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
        return local.lake(prefix, clock, steps, raw(), windows, quarters());
    }

    /** Likewise, by a clock. */
    public Lake open(Clock clock, Table windows) throws IOException {
        return local.lake(prefix, clock, Step.Listener.NONE, raw(), windows, quarters());
    }

    /** Likewise, with dates of a timezone. */
    public Lake openIn(ZoneId zone, String now, Table windows) throws IOException {
        Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
        return local.lake(prefix, clock, Step.Listener.NONE, zone, raw(), windows, quarters());
    }

    /** Likewise, with clicks in Avro, of the schemas of the subject {@link #topic}{@code -value}. */
    public Lake openAvro(TestingRegistry registry, String now, Table windows) throws IOException {
        Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
        return local.lake(
                prefix,
                local.kafka().properties(),
                registry.properties(),
                Map.of(),
                clock,
                Step.Listener.NONE,
                raw("avro"),
                windows);
    }

    /** Likewise, of each click, and of a gold table of minutes by intervals of a quarter of an hour. */
    public Lake openMinutes(String now, Expectation... expectations) throws IOException {
        Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
        Table minutes = table(
                QUARTERS,
                MINUTES_SQL,
                Optional.of(Duration.ofMinutes(15)),
                WINDOWS,
                "forever",
                "m" + Arrays.hashCode(expectations),
                expectations);
        return local.lake(prefix, clock, Step.Listener.NONE, raw(), eachClick(), minutes);
    }

    /** Sends a click and lands it: a commit of its own. */
    public void click(Lake lake, String user, String time) throws Exception {
        click(lake, user, time, 1);
    }

    /** Likewise, one that counts so often; a negative one takes clicks back. */
    public void click(Lake lake, String user, String time, int count) throws Exception {
        send(event(user, time, count));
        land(lake);
    }

    /** Sends a click that does not say when it was, by which Kafka's time dates it, and lands it. */
    public void clickWithoutTime(Lake lake, String user, String sent) throws Exception {
        send(("{\"user\":\"" + user + "\",\"at\":null,\"n\":1}").getBytes(StandardCharsets.UTF_8), sent);
        land(lake);
    }

    /** Sends a message at a time of the date. */
    public void send(byte[] value, String sent) throws Exception {
        long time = Instant.parse(DATE + "T" + sent + "Z").toEpochMilli();
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            producer.send(new ProducerRecord<>(topic(), 0, time, null, value)).get();
        }
    }

    /** A click as the topic has it. */
    public static String event(String user, String time, int count) {
        return event(DATE, user, time, count);
    }

    /** Likewise, of another date. */
    public static String event(LocalDate date, String user, String time, int count) {
        long at = Instant.parse(date + "T" + time + "Z").toEpochMilli();
        return "{\"user\":\"" + user + "\",\"at\":" + at + ",\"n\":" + count + "}";
    }

    public void send(String... events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (String event : events) {
                producer.send(new ProducerRecord<>(topic(), event.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    public void land(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            new KafkaLanding(lake, publisher, local::spark)
                    .run(lake.table(RAW), lake.table(RAW).definition().kafka().orElseThrow(), false);
        }
    }

    /** Builds the date of these tables. */
    public List<TableRun> build(Lake lake, TableName... tables) throws Exception {
        return build(lake, List.of(DATE), tables);
    }

    /** Builds these dates. */
    public List<TableRun> build(Lake lake, List<LocalDate> dates, TableName... tables) throws Exception {
        List<TableRun> runs = new java.util.ArrayList<>();
        try (Publisher publisher = lake.publisher()) {
            for (TableName table : tables) {
                runs.addAll(new DailyBuild(lake, publisher, local::spark)
                        .run(lake.table(table), dates, BuildOverrides.NOTHING));
            }
        }
        return runs;
    }

    /** The rows that readers of a table see, e.g. {@code 10:05 ana 1}, sorted. */
    public List<String> shown(Lake lake, TableName table) throws Exception {
        List<String> folders = new java.util.ArrayList<>();
        for (Partition partition : partitions(table)) {
            String folder = partition.getSd().getLocation();
            for (FileStatus file : lake.files().listStatus(new Path(folder))) {
                if (file.getPath().getName().endsWith(".parquet")) {
                    folders.add(file.getPath().toString());
                }
            }
        }
        return folders.isEmpty()
                ? List.of()
                : local
                        .spark()
                        .read()
                        .parquet(folders.toArray(String[]::new))
                        .withColumn("started", org.apache.spark.sql.functions.expr("date_format(started, 'HH:mm')"))
                        .collectAsList()
                        .stream()
                        .map(ClicksLake::line)
                        .sorted()
                        .toList();
    }

    /** The partitions of a table that the metastore shows. */
    public List<Partition> partitions(TableName table) throws Exception {
        return local.partitions(database(table), table.name());
    }

    public String database(TableName table) {
        return prefix + table.layer();
    }

    private static String line(Row row) {
        return IntStream.range(0, row.size())
                .mapToObj(row::get)
                .map(Object::toString)
                .collect(Collectors.joining(" "));
    }

    public String topic() {
        return prefix + "clicks";
    }

    public Table raw() {
        return raw("json");
    }

    private Table raw(String format) {
        Source.Kafka source =
                new Source.Kafka(List.of(topic()), "earliest", format, Optional.of("at"), Optional.empty());
        return new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "r");
    }

    /** By intervals of five minutes. */
    public static Table windows() {
        return windows("forever");
    }

    /** Likewise, with expectations. */
    public static Table windows(String retention, Expectation... expectations) {
        String hash = "w" + Arrays.hashCode(expectations);
        return table(WINDOWS, WINDOWS_SQL, Optional.of(Duration.ofMinutes(5)), RAW, retention, hash, expectations);
    }

    /** Each click, row by row, by intervals of five minutes. */
    public static Table eachClick(Expectation... expectations) {
        String hash = "e" + Arrays.hashCode(expectations);
        return table(WINDOWS, EACH_SQL, Optional.of(Duration.ofMinutes(5)), RAW, "forever", hash, expectations);
    }

    /** By another query over {@code raw.clicks}; of whole dates where no length of intervals is given. */
    public static Table windowsOf(String sql, Optional<Duration> interval, Expectation... expectations) {
        String hash = "o" + sql.hashCode() + interval + Arrays.hashCode(expectations);
        return table(WINDOWS, sql, interval, RAW, "forever", hash, expectations);
    }

    /** By intervals of an hour, longer than those of the table that is built from it. */
    public static Table hourlyWindows() {
        return table(WINDOWS, WINDOWS_SQL, Optional.of(Duration.ofHours(1)), RAW, "forever", "hourly");
    }

    /** By whole dates. */
    public static Table wholeWindows() {
        return table(WINDOWS, WINDOWS_SQL, Optional.empty(), RAW, "forever", "whole");
    }

    private static Table quarters() {
        return table(QUARTERS, QUARTERS_SQL, Optional.of(Duration.ofMinutes(15)), WINDOWS, "forever", "q");
    }

    private static Table table(
            TableName name,
            String sql,
            Optional<Duration> interval,
            TableName input,
            String retention,
            String hash,
            Expectation... expectations) {
        return new Table(
                name,
                "",
                new DailyDefinition(sql, Optional.of("started"), interval),
                Map.of(),
                List.of(new Input(input, 0)),
                List.of(expectations),
                retention,
                hash);
    }
}
