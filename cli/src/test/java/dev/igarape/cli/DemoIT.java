package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.stack.TargetFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The main job on the real servers, from the HTTP API to Trino's answer, with every count on the way. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DemoIT {
    private static final int EVENTS = 1000;
    private static final String DAY = "WHERE date = DATE '2024-01-01'";

    @TempDir
    private static Path folder;

    private static CommandLineHarness lake;

    @BeforeAll
    static void make() {
        lake = new CommandLineHarness(folder.resolve("state"));
    }

    @AfterAll
    static void stop() {
        lake.succeed("down");
    }

    @Test
    @Order(1)
    void endsWithGoldTablesUrlsAndCredentials() {
        CommandLineHarness.Outcome demo = lake.succeed("demo");
        assertThat(demo.out())
                .contains("gold.clickstream_daily on 2024-01-01")
                .contains("gold.insights_trend on 2024-01-01")
                .contains("http://127.0.0.1:")
                .containsPattern("airflow +user admin +password \\S+");
        assertThat(demo.out() + demo.err()).doesNotContain("failed");
    }

    @Test
    @Order(2)
    void countsTheSameEverywhere() {
        assertThat(messages("appclickstream")).isEqualTo(EVENTS);
        assertThat(number("SELECT count(*) FROM raw.appclickstream " + DAY)).isEqualTo(EVENTS);
        assertThat(number("SELECT count(*) FROM trusted.appclickstream " + DAY)).isEqualTo(EVENTS);
        assertThat(number("SELECT sum(events) FROM gold.clickstream_daily " + DAY))
                .isEqualTo(EVENTS);
        assertThat(number("SELECT sum(views + clicks + submits) FROM gold.clickstream_pages " + DAY))
                .isEqualTo(EVENTS);
        assertThat(number("SELECT count(*) FROM trusted.insights " + DAY)).isEqualTo(EVENTS);
        assertThat(number("SELECT sum(events) FROM gold.grouped_insights " + DAY))
                .isEqualTo(EVENTS);
        assertThat(number("SELECT sum(events) FROM gold.insights_trend " + DAY)).isEqualTo(EVENTS);
        assertThat(number("SELECT count(DISTINCT (partition, offset)) FROM trusted.appclickstream " + DAY))
                .isEqualTo(EVENTS);
    }

    @Test
    @Order(3)
    void addsNothingTheSecondTime() {
        String before = gold();
        lake.succeed("demo");
        countsTheSameEverywhere();
        assertThat(gold()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void fillsAMonthInOneApplication() {
        JsonNode built = lake.succeed(
                        "backfill", "insights", "--from", "2024-01-01", "--to", "2024-02-01", "--output", "json")
                .json();
        assertThat(built.path("run_id").asText()).isNotEmpty();
        JsonNode dates = lake.query("SELECT date, count(*) AS names, sum(events) AS events FROM gold.grouped_insights"
                + " WHERE date < DATE '2024-02-01' GROUP BY date ORDER BY date");
        assertThat(dates).hasSize(31);
        assertThat(dates.get(30)).hasToString("{\"date\":\"2024-01-31\",\"names\":3,\"events\":1000}");
    }

    @Test
    @Order(5)
    void refusesWrongDatesAndNames() {
        for (String date : List.of("2024-02-30", "", "'; DROP TABLE x", "$(id)")) {
            CommandLineHarness.Outcome outcome = lake.run("run", "insights", "--date", date);
            assertThat(outcome.status()).as(date).isEqualTo(2);
            assertThat(outcome.err()).startsWith("--date");
        }
        CommandLineHarness.Outcome unknown = lake.run("run", "../x", "--date", "2024-01-01");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).startsWith("No table or pipeline is called '../x'. Pipelines: clickstream");
    }

    private static String gold() {
        return lake.query("SELECT * FROM gold.clickstream_daily " + DAY + " ORDER BY page, event_name")
                .toString();
    }

    private static long number(String sql) {
        JsonNode rows = lake.query(sql);
        assertThat(rows).hasSize(1);
        return rows.get(0).elements().next().asLong(-1);
    }

    /** How many messages the topic holds. */
    private static long messages(String topic) {
        Map<String, Object> settings =
                Map.copyOf(TargetFile.read(lake.workspace()).kafka());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .collect(Collectors.toList());
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }
}
