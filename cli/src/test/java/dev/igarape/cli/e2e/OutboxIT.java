package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An outbox that a trigger fills, by the SQL and the definition of the page on change capture. */
@Order(3)
@ExtendWith({DemoStack.class, WarmRuns.class})
final class OutboxIT {
    private static final Path PAGE = DemoStack.HOME.resolve("docs/change-capture.md");
    /** The bookstore has another table of the page's name. */
    private static final String TABLE = "trusted.told_orders";

    private static StackProject project;

    @BeforeAll
    static void make() throws Exception {
        project = StackProject.on(DemoStack.LAKE, DemoStack.STATE, "outbox_");
        project.sql(
                "CREATE TABLE orders (order_id bigint PRIMARY KEY, amount numeric(10,2))",
                Page.block(PAGE, "sql", "CREATE TABLE order_events"));
        String tables = Page.block(PAGE, "yaml", "raw.order_events:").replace("trusted.orders:", TABLE + ":");
        project.write("pipelines/outbox/pipeline.yaml", """
                pipeline: outbox
                owner: tests
                schedule: none
                start_date: 2024-01-01
                tables:
                """ + tables.indent(2));
        project.write("pipelines/outbox/orders.sql", Page.block(PAGE, "sql", "-- orders.sql"));
    }

    @AfterAll
    static void drop() throws Exception {
        project.sql("DROP TABLE orders, order_events", "DROP FUNCTION tell_order");
    }

    @Test
    void theTableFollowsWhatTriggersTell() throws Exception {
        project.sql(
                "INSERT INTO orders VALUES (1, 10.00), (2, 20.00), (3, 30.00)",
                "UPDATE orders SET amount = 11.50 WHERE order_id = 1",
                "DELETE FROM orders WHERE order_id = 2");
        run();
        assertThat(inTheLake()).isEqualTo(inTheDatabase()).containsExactly("1 11.50", "3 30.00");

        project.sql(
                "UPDATE orders SET amount = NULL WHERE order_id = 3",
                "DELETE FROM orders WHERE order_id = 1",
                "INSERT INTO orders VALUES (2, 22.00), (4, 0.01)",
                "DELETE FROM orders WHERE order_id = 4");
        run();
        assertThat(inTheLake()).isEqualTo(inTheDatabase()).containsExactly("2 22.00", "3 null");

        assertThat(rows("SELECT op, order_id FROM raw.order_events ORDER BY id"))
                .hasSize(10)
                .startsWith("insert 1")
                .endsWith("delete 4");
        assertThat(asked("SELECT 'an event', id FROM order_events")).isEmpty();
    }

    private static void run() throws Exception {
        for (List<String> line : List.of(
                // It takes what is there, whatever the date.
                List.of("run", "raw.order_events", "--date", "2024-01-01"), List.of("run", TABLE, "--due"))) {
            project.here()
                    .run(StackProject.variables(DemoStack.STATE), line.toArray(String[]::new))
                    .succeeded();
        }
    }

    private static List<String> inTheLake() throws IOException {
        return rows("SELECT order_id, CAST(amount AS VARCHAR) AS amount FROM " + TABLE + " ORDER BY order_id");
    }

    private static List<String> inTheDatabase() throws Exception {
        return asked("SELECT order_id, amount FROM orders ORDER BY order_id");
    }

    private static List<String> rows(String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode row : DemoStack.query(sql)) {
            List<String> cells = new ArrayList<>();
            row.elements().forEachRemaining(cell -> cells.add(cell.asText()));
            rows.add(String.join(" ", cells));
        }
        return rows;
    }

    private static List<String> asked(String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = project.connection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                rows.add(answer.getString(1) + " " + answer.getString(2));
            }
        }
        return rows;
    }
}
