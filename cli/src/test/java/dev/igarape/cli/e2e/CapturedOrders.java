package dev.igarape.cli.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** A table in the stack's PostgreSQL, the connector that captures it, and the tables of the lake that follow it. */
final class CapturedOrders {
    static final String TOPIC = "capture.public.captured_orders";
    /** With a place for more settings. */
    static final String CONNECTOR = """
            {"name": "captured", "config": {
              "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
              "database.hostname": "${env:STACK_POSTGRES_HOST}",
              "database.port": "${env:STACK_POSTGRES_PORT}",
              "database.user": "${env:STACK_POSTGRES_USER}",
              "database.password": "${env:SHOP_PASSWORD}",
              "database.dbname": "shop",
              "plugin.name": "pgoutput",
              "slot.name": "captured",
              "publication.name": "captured",
              "publication.autocreate.mode": "filtered",
              "table.include.list": "public.captured_orders",
              "topic.prefix": "capture",
              "skipped.operations": "none",
              "topic.creation.default.partitions": "1",
              "topic.creation.default.replication.factor": "-1"%s
            }}
            """;

    private CapturedOrders() {}

    /** Makes the table, and a project with the rest, which it does not run. */
    static StackProject make() throws Exception {
        StackProject project = StackProject.on(DemoStack.LAKE, DemoStack.STATE, "capture_");
        project.sql(
                "CREATE TABLE captured_orders (id int PRIMARY KEY, customer text, total numeric(10,2), at timestamptz, note text)",
                // Large values then stand beside the row, and updates that leave them do not tell them.
                "ALTER TABLE captured_orders ALTER note SET STORAGE EXTERNAL",
                "INSERT INTO captured_orders VALUES (1, 'ana', 10.50, '2024-01-15T10:00:00Z'), (2, 'rui', 7.25, NULL)");
        project.write("pipelines/shop/pipeline.yaml", """
                pipeline: shop
                owner: tests
                schedule: none
                start_date: 2024-01-01
                tables:
                  raw.captured_changes:
                    landing: {kafka: {topics: [%s], tombstones: drop}}
                  trusted.captured_orders:
                    current: {from: raw.captured_changes, cdc: debezium, keys: [id]}
                    columns: {id: int, customer: string, total: "decimal(10,2)", at: timestamp, note: string, country: string}
                  trusted.captured_versions:
                    history: {from: raw.captured_changes, cdc: debezium, keys: [id]}
                    columns: {id: int, customer: string, total: "decimal(10,2)", at: timestamp, note: string, country: string}
                """.formatted(TOPIC));
        project.write("connect/captured.json", CONNECTOR.formatted(""));
        return project;
    }

    /** Drops it with its connector and its slot: PostgreSQL keeps WAL for a slot that nobody reads. */
    static void drop(StackProject project) throws Exception {
        DemoStack.LAKE.call("connect", "delete", "captured").succeeded();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(
                        () -> project.sql(
                                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'captured'"));
        project.sql("DROP PUBLICATION captured", "DROP TABLE captured_orders", "DROP ROLE IF EXISTS captor");
    }
}
