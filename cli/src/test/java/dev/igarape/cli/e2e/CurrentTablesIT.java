package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A table of the latest row of each key, built, kept up and queried on the real servers. */
@Order(3)
@ExtendWith({DemoStack.class, WarmRuns.class})
final class CurrentTablesIT {
    private static final String FIRST = "2024-01-15";
    private static final String SECOND = "2024-01-16";
    private static final String TABLE = "trusted.latest_customers";
    private static final String ROWS = "SELECT customer_id, email, country_code FROM " + TABLE + " ORDER BY 1";

    private static StackProject project;

    /** Two steps: a later date first, then one before it, which brings older events, a deletion and one without a key. */
    @BeforeAll
    static void build() throws Exception {
        project = StackProject.on(DemoStack.LAKE, DemoStack.STATE, "current_");
        project.write("pipelines/shop/pipeline.yaml", """
                pipeline: shop
                owner: tests
                schedule: none
                start_date: 2024-01-01
                tables:
                  raw.latest_customers:
                    landing: {files: {path: "/landing/current/{date}/*.ndjson", format: json}}
                  trusted.latest_customers:
                    current:
                      sql: customers.sql
                      keys: [customer_id]
                      sequence_by: [row_time]
                      delete_when: "row_status = 'delete'"
                    columns:
                      customer_id: string
                      email: string
                      country_code: string
                      row_status: string
                      row_time: timestamp
                  gold.latest_countries:
                    view: {sql: countries.sql, from: [trusted.latest_customers]}
                """);
        project.write(
                "pipelines/shop/customers.sql",
                "SELECT v.* FROM (SELECT from_json(body, 'customer_id string, email string, country_code string,"
                        + " row_status string, row_time timestamp') AS v FROM raw.latest_customers)");
        project.write(
                "pipelines/shop/countries.sql",
                "SELECT country_code, count(*) AS customers FROM trusted.latest_customers GROUP BY country_code");
        put(SECOND, event("C1", "new@x", "PT", "update", "11:00"), event("C2", "c2@x", "BR", "insert", "11:00"));
        project.callLocal("run", "shop", "--date", SECOND).succeeded();
        put(
                FIRST,
                event("C1", "old@x", "BR", "insert", "10:00"),
                event("C2", "c2@x", "BR", "delete", "12:00"),
                event("C3", "c3@x", "BR", "insert", "10:00"),
                "{\"email\":\"nobody@x\",\"row_status\":\"insert\",\"row_time\":\"2024-01-16T10:00:00Z\"}\n");
        project.callLocal("run", "shop", "--date", FIRST).succeeded();
    }

    private static void put(String date, String... events) throws Exception {
        project.put(
                "/landing/current/" + date + "/events.ndjson",
                String.join("", events).getBytes(StandardCharsets.UTF_8));
    }

    private static String event(String id, String email, String country, String status, String time) {
        return "{\"customer_id\":\"" + id + "\",\"email\":\"" + email + "\",\"country_code\":\"" + country
                + "\",\"row_status\":\"" + status + "\",\"row_time\":\"2024-01-16T" + time + ":00Z\"}\n";
    }

    @Test
    void trinoShowsTheLatestRowOfEachKey() throws Exception {
        assertThat(rows(ROWS)).containsExactly(latest());
        assertThat(rows("SELECT * FROM gold.latest_countries ORDER BY 1"))
                .containsExactly(
                        "{\"country_code\":\"BR\",\"customers\":1}", "{\"country_code\":\"PT\",\"customers\":1}");
        assertThat(rows("SELECT rule FROM quarantine.trusted_latest_customers"))
                .containsExactly("{\"rule\":\"has_key\"}");
    }

    private static String[] latest() {
        return new String[] {
            "{\"customer_id\":\"C1\",\"email\":\"new@x\",\"country_code\":\"PT\"}",
            "{\"customer_id\":\"C3\",\"email\":\"c3@x\",\"country_code\":\"BR\"}"
        };
    }

    @Test
    void trinoShowsEarlierVersionsAndChanges() throws Exception {
        assertThat(rows("SELECT customer_id FROM " + TABLE + " FOR VERSION AS OF 0 ORDER BY 1"))
                .containsExactly("{\"customer_id\":\"C1\"}", "{\"customer_id\":\"C2\"}");
        assertThat(rows("SELECT customer_id, _change_type AS change FROM TABLE(delta.system.table_changes("
                        + "schema_name => 'trusted', table_name => 'latest_customers', since_version => 0))"
                        + " ORDER BY 1"))
                .containsExactly(
                        "{\"customer_id\":\"C2\",\"change\":\"delete\"}",
                        "{\"customer_id\":\"C3\",\"change\":\"insert\"}");
    }

    @Test
    void planAndUpkeepLeaveTheRowsAsTheyAre() throws Exception {
        assertThat(project.callLocal("plan", "shop").succeeded().out()).contains("Nothing is due.");
        for (String command : List.of("compact", "clean", "repair")) {
            project.callLocal(command, TABLE).succeeded();
        }
        assertThat(project.callLocal("status", TABLE).succeeded().out())
                .startsWith(TABLE + " (current)")
                .containsPattern("\\R  rows +2\\R  dates +fresh 2\\R")
                .containsPattern("\\R  quarantine +1 rows\\R")
                .containsPattern("\\R  Delta table +version [1-9]")
                .doesNotContain("FAILED");
        assertThat(rows(ROWS)).containsExactly(latest());
        LakeCommand.Result refused = project.here().run("rollback", TABLE, "--date", FIRST);
        assertThat(refused.err()).contains(TABLE).contains("run");
    }

    private static List<String> rows(String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode row : DemoStack.query(sql)) {
            rows.add(row.toString());
        }
        return rows;
    }
}
