package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.DocumentedCommands;
import dev.igarape.cli.DocumentedCommands.Documented;
import dev.igarape.cli.demo.checked.Delivery;
import dev.igarape.cli.demo.retail.RetailDemo;
import dev.igarape.cli.demo.users.UsersDemo;
import dev.igarape.model.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demos that compare tables with what follows from their events, on the real servers; {@link BookstoreIT} has another. */
@Order(3)
@ExtendWith({DemoStack.class, WarmRuns.class})
final class DemosIT {
    private static final String FOLLOWS = " shows what follows from the events";

    @Test
    void retail() throws Exception {
        LakeCommand.Result demo = DemoStack.LAKE.run("demo", "retail").succeeded();

        assertThat(demo.err())
                .contains(
                        "gold.retail_daily" + FOLLOWS,
                        "gold.retail_products" + FOLLOWS,
                        "gold.retail_best_products" + FOLLOWS);
        assertThat(rows("SELECT DISTINCT rule FROM quarantine.trusted_retail_messages ORDER BY 1"))
                .containsExactly("{\"rule\":\"fits_columns\"}", "{\"rule\":\"has_amount\"}", "{\"rule\":\"is_sale\"}");
        assertThat(rows("SELECT DISTINCT rule FROM quarantine.raw_retail_sales"))
                .containsExactly("{\"rule\":\"not_json\"}");
        pythonReadsItNowAndAtItsFirstVersion();
        itsRunsAreOnRecord();
        SentAgain.changesNothing(new RetailDemo(), "raw.retail_sales");
    }

    private static void itsRunsAreOnRecord() throws Exception {
        assertThat(rows("SELECT DISTINCT table_name FROM ops.runs WHERE table_name LIKE '%.retail%' ORDER BY 1"))
                .contains(
                        "{\"table_name\":\"gold.retail_daily\"}",
                        "{\"table_name\":\"raw.retail_sales\"}",
                        "{\"table_name\":\"trusted.retail_sales\"}");
    }

    private static void pythonReadsItNowAndAtItsFirstVersion() throws Exception {
        String now = DemoStack.query("SELECT sum(revenue) AS revenue FROM gold.retail_daily")
                .get(0)
                .get("revenue")
                .asText();

        String last = gold();
        String first = gold("--version", "1");

        assertThat(last)
                .contains("Trino: 14 days, revenue " + now)
                .containsPattern("Version \\d+: 14 days, revenue " + now);
        // The sales of the second week, and those that were late, have come after that.
        assertThat(first)
                .contains("Trino: 14 days, revenue " + now)
                .contains("Version 1: 7 days, revenue " + revenueOfTheFirstPart());
        assertThat(last.lines().filter(line -> line.strip().startsWith("2024-03-")))
                .hasSize(7);
    }

    /** What the first run found in the topic: the first part, some of it twice, and some that is no sale. */
    private static BigDecimal revenueOfTheFirstPart() throws Exception {
        Set<String> messages = new RetailDemo()
                .parts(DemoStack.target()).get(0).records().stream()
                        .filter(record -> !record.key().equals("999999"))
                        .map(Delivery::text)
                        .collect(Collectors.toSet());
        BigDecimal revenue = BigDecimal.ZERO;
        for (String message : messages) {
            JsonNode sale = Json.mapper().readTree(message);
            revenue = revenue.add(new BigDecimal(sale.path("Price").asText())
                    .multiply(BigDecimal.valueOf(sale.path("Quantity").asLong())));
        }
        return revenue.setScale(2);
    }

    private static String gold(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Tools.python().toString(),
                DemoStack.HOME.resolve("examples/gold.py").toString(),
                "--target",
                DemoStack.STATE.resolve("target.json").toString(),
                "--namenode",
                "127.0.0.1:"
                        + Json.mapper()
                                .readTree(DemoStack.STATE.resolve("ports.json").toFile())
                                .get("hdfs-http")
                                .asInt()));
        line.addAll(List.of(arguments));
        return DemoStack.LAKE.execute(line, Map.of()).succeeded().out();
    }

    @Test
    void users() throws Exception {
        LakeCommand.Result demo = DemoStack.LAKE.run("demo", "users").succeeded();

        assertThat(demo.err())
                .contains("trusted.users" + FOLLOWS, "gold.users_by_country" + FOLLOWS, "gold.music_daily" + FOLLOWS);
        assertThat(rows("SELECT DISTINCT rule FROM quarantine.trusted_music_messages ORDER BY 1"))
                .containsExactly(
                        "{\"rule\":\"fits_columns\"}", "{\"rule\":\"is_play\"}", "{\"rule\":\"known_version\"}");
        assertThat(rows("SELECT DISTINCT rule FROM quarantine.trusted_user_records"))
                .containsExactly("{\"rule\":\"fits_columns\"}");
        // What the topic held before the first run is not landed.
        assertThat(rows("SELECT event_id FROM trusted.music_messages WHERE event_id LIKE 'before%'"))
                .isEmpty();
        SentAgain.changesNothing(new UsersDemo(), "raw.music");
    }

    @Test
    void shop() throws Exception {
        LakeCommand.Result demo = DemoStack.LAKE.run("demo", "shop").succeeded();

        assertThat(demo.err())
                .contains(
                        "trusted.shop_orders" + FOLLOWS,
                        "gold.shop_daily" + FOLLOWS,
                        "gold.shop_products" + FOLLOWS,
                        "gold.shop_best_products" + FOLLOWS,
                        "gold.shop_returns" + FOLLOWS,
                        "gold.shop_baskets" + FOLLOWS,
                        "gold.shop_customers" + FOLLOWS);
        // Rows that were there before their changes were captured, new ones, mended ones and withdrawn ones.
        assertThat(rows("SELECT DISTINCT value.op FROM raw.shop_order_changes ORDER BY 1"))
                .containsExactly("{\"op\":\"c\"}", "{\"op\":\"d\"}", "{\"op\":\"r\"}", "{\"op\":\"u\"}");
        // What the rules have counted are the metrics of the bronze table, also of those that hold nothing back.
        assertThat(rows("SELECT expectation FROM ops.expectations WHERE table_name = 'trusted.shop_events'"
                        + " GROUP BY expectation HAVING sum(failed) > 0"
                        + " AND expectation IN ('has_country', 'has_customer', 'has_price') ORDER BY 1"))
                .containsExactly(
                        "{\"expectation\":\"has_country\"}",
                        "{\"expectation\":\"has_customer\"}",
                        "{\"expectation\":\"has_price\"}");
        assertThat(rows("SELECT 1 FROM gold.shop_daily WHERE country = 'Unspecified'"))
                .isNotEmpty();
        itsEventsHaveTheSharesOfAShop();
        assertThat(rows(
                        "SELECT 1 FROM trusted.shop_sales WHERE transaction_no IS NULL OR product_no IS NULL OR price IS"
                                + " NULL OR quantity IS NULL OR customer_no IS NULL OR country IS NULL"))
                .isEmpty();
        itsOrdersAreComparedAsThePageSays();
    }

    /** In percent of the messages; what a sale needs is lacking in half of a percent. */
    private static void itsEventsHaveTheSharesOfAShop() throws Exception {
        JsonNode shares = DemoStack.query("SELECT 1e2 * count_if(value.quantity < 0) / count(*) AS cancelled,"
                        + " 1e2 * count_if(value.customer_no IS NULL) / count(*) AS of_nobody,"
                        + " 1e2 * count_if(value.country IS NULL) / count(*) AS of_no_country,"
                        + " 1e2 * count_if(value.transaction_no IS NULL OR value.product_no IS NULL OR value.product_name IS NULL"
                        + " OR value.price IS NULL OR value.quantity IS NULL) / count(*) AS lacking,"
                        + " 1e2 - 1e2 * count(DISTINCT value) / count(*) AS copies FROM raw.shop_sales")
                .get(0);
        assertThat(shares)
                .hasSize(5)
                .allSatisfy(share ->
                        assertThat(share.asDouble()).as(shares.toString()).isBetween(0.1, 4.0));
    }

    private static void itsOrdersAreComparedAsThePageSays() throws Exception {
        Documented reconcile = DocumentedCommands.of(DemoStack.HOME.resolve("docs/cdc-tables.md")).stream()
                .filter(command -> command.line().startsWith("./lake reconcile "))
                .findFirst()
                .orElseThrow();
        LakeCommand.Result same = DemoStack.LAKE
                .run(
                        StackProject.variables(DemoStack.STATE),
                        reconcile.arguments().toArray(String[]::new))
                .succeeded();
        assertThat(same.out())
                .containsPattern("trusted.shop_orders +database +[1-9]")
                .doesNotContain("different");
    }

    private static List<String> rows(String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode row : DemoStack.query(sql)) {
            rows.add(row.toString());
        }
        return rows;
    }
}
