package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.demo.bookstore.BookstoreDemo;
import dev.igarape.model.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo of the bookstore on the real servers, which itself compares tables with what follows from its events. */
@Order(3)
@ExtendWith({DemoStack.class, WarmRuns.class})
final class BookstoreIT {
    private static LakeCommand.Result demo;

    @BeforeAll
    static void run() throws Exception {
        demo = DemoStack.LAKE.run("demo", "bookstore").succeeded();
    }

    @Test
    void theTablesShowWhatFollowsFromTheEvents() {
        assertThat(demo.err())
                .contains(
                        "gold.country_statistics shows what follows from the events",
                        "gold.author_statistics shows what follows from the events",
                        "trusted.customers shows what follows from the events",
                        "trusted.current_books shows what follows from the events",
                        "trusted.books shows what follows from the events",
                        "trusted.books_sales shows what follows from the events");
        assertThat(demo.out())
                .contains(
                        "gold.country_statistics",
                        "gold.author_statistics",
                        "The prices of book B01 in trusted.books",
                        "What became of customer C01 in trusted.customers");
    }

    @Test
    void aCustomerWhoLeftAndCameBackIsThereOnceAndInTheFeed() throws Exception {
        assertThat(rows("SELECT row_status FROM trusted.customers WHERE customer_id = 'C01'"))
                .containsExactly("{\"row_status\":\"insert\"}");
        assertThat(rows("SELECT _change_type FROM TABLE(delta.system.table_changes(schema_name => 'trusted',"
                        + " table_name => 'customers')) WHERE customer_id = 'C01' ORDER BY _commit_version"))
                .containsExactly(
                        "{\"_change_type\":\"insert\"}",
                        "{\"_change_type\":\"delete\"}",
                        "{\"_change_type\":\"insert\"}");
    }

    @Test
    void aBookWasSoldAtThePriceThatItHadThen() throws Exception {
        assertThat(rows("SELECT order_id FROM trusted.books_sales WHERE price * quantity IS DISTINCT FROM subtotal"))
                .isEmpty();
        assertThat(rows("SELECT book_id FROM gold.sales_at_current_prices WHERE current_amount <> amount LIMIT 1"))
                .hasSize(1);
    }

    @Test
    void whatNobodyKnowsIsInQuarantine() throws Exception {
        assertThat(rows("SELECT DISTINCT rule FROM quarantine.trusted_order_events ORDER BY 1"))
                .containsExactly("{\"rule\":\"has_books\"}", "{\"rule\":\"is_order\"}");
        assertThat(rows("SELECT DISTINCT rule FROM quarantine.trusted_customers ORDER BY 1"))
                .containsExactly(
                        "{\"rule\":\"has_key\"}", "{\"rule\":\"known_country\"}", "{\"rule\":\"known_status\"}");
    }

    /** No row of them is of a date, but each date of what they read has a step that has taken it in. */
    @Test
    void freshnessSaysWhichStepHasTakenADateIn() throws Exception {
        for (String table : List.of("trusted.customers", "trusted.books")) {
            assertThat(rows("SELECT DISTINCT f.status, f.rows IS NULL AS by_key, c.delta_version IS NOT NULL AS delta"
                            + " FROM ops.freshness f LEFT JOIN ops.commits c ON c.table_name = f.table_name AND c.sequence = f.sequence"
                            + " WHERE f.table_name = '" + table + "'"))
                    .as(table)
                    .containsExactly("{\"status\":\"fresh\",\"by_key\":true,\"delta\":true}");
        }
    }

    @Test
    void aQueryOfOneTopicReadsItsFilesAlone() throws Exception {
        assertThat(rows("SELECT topic FROM raw.\"bookstore$partitions\" GROUP BY topic ORDER BY topic"))
                .containsExactly("{\"topic\":\"books\"}", "{\"topic\":\"customers\"}", "{\"topic\":\"orders\"}");
        assertThat(DemoStack.query(
                                "SELECT count(*) AS rows FROM raw.bookstore WHERE topic = 'books' AND \"$path\" NOT LIKE"
                                        + " '%/topic=books/%'")
                        .get(0)
                        .get("rows")
                        .asLong())
                .isZero();
    }

    @Test
    void theSameEventsAgainChangeNothing() throws Exception {
        SentAgain.changesNothing(new BookstoreDemo(), "raw.bookstore");
        assertThat(rows("SELECT _change_type FROM TABLE(delta.system.table_changes(schema_name => 'trusted',"
                        + " table_name => 'customers')) WHERE customer_id = 'C01'"))
                .hasSize(3);
    }

    /** What Spark reads of them is in the tables that the demo has compared, {@code trusted.books_sales} among them. */
    @Test
    void pythonReadsTheRowsThatTrinoShows() throws Exception {
        LakeCommand.Result customers = python("trusted.customers", "customer_id,email,country,row_status,row_time");
        assertThat(parsed(customers))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(DemoStack.query("SELECT customer_id, email, country, row_status,"
                        + " to_iso8601(row_time) AS row_time FROM trusted.customers"));
        assertThat(customers.err()).containsPattern("[1-9]\\d* files with deletion vectors");
        assertThat(parsed(python("trusted.books", "book_id,title,author,effective_date,end_date,current")))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        DemoStack.query("SELECT book_id, title, author, to_iso8601(effective_date) AS effective_date,"
                                + " to_iso8601(end_date) AS end_date, \"current\" FROM trusted.books"));
    }

    private static LakeCommand.Result python(String table, String columns) throws Exception {
        List<String> line = List.of(
                Tools.python().toString(),
                DemoStack.HOME.resolve("examples/customers.py").toString(),
                "--target",
                DemoStack.STATE.resolve("target.json").toString(),
                "--table",
                table,
                "--columns",
                columns);
        return DemoStack.LAKE.execute(line, Map.of()).succeeded();
    }

    private static List<JsonNode> parsed(LakeCommand.Result result) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : result.out().lines().filter(text -> !text.isBlank()).toList()) {
            rows.add(Json.mapper().readTree(line));
        }
        return rows;
    }

    private static List<String> rows(String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode row : DemoStack.query(sql)) {
            rows.add(row.toString());
        }
        return rows;
    }
}
