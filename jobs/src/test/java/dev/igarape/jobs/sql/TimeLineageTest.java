package dev.igarape.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.compile.Compilation;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.compile.diagnostic.Diagnostic;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks on the queries of tables with intervals of 5 minutes, by what a project's compilation says of them. */
final class TimeLineageTest {
    private static final String HEAD = """
            pipeline: shop
            owner: data-platform
            schedule: "@daily"
            start_date: 2024-01-01
            timezone: UTC
            tables:
              raw.clicks:
                landing: {kafka: {topics: [clicks], event_time: at}}
              raw.pages:
                landing: {kafka: {topics: [pages]}}
              raw.texts:
                landing: {kafka: {topics: [texts], format: json, event_time: at}}
              trusted.orders:
                daily: {sql: orders.sql, time: ordered_at}
              trusted.customers:
                current: {sql: customers.sql, keys: [id], sequence_by: [at]}
                columns: {id: bigint, name: string, at: timestamp}
              gold.counts:
            """;
    private static final String ORDERS = "SELECT value.id, value.at AS ordered_at FROM raw.clicks";
    private static final String VERIFY =
            " Add the time or a window of it. `./lake verify gold.counts --date D` compares a date with one computed as"
                    + " a whole.";
    private static final String SLIDING = "window(ordered_at, '10 minutes', '5 minutes')";
    private static final String LOOKBACK = ", inputs: {trusted.orders: {lookback: 10 minutes}}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ordered_at AS t, id FROM trusted.orders WHERE id > 3 AND date = {run_date}",
                "SELECT *, ordered_at AS t FROM trusted.orders",
                "SELECT t FROM (SELECT *, CAST(ordered_at AS timestamp) AS t FROM trusted.orders) s",
                "SELECT value.at AS t FROM raw.clicks",
                "SELECT c.value.at AS t FROM raw.clicks AS c",
                "SELECT clicks.value.at AS t FROM raw.clicks",
                "SELECT v.at AS t FROM (SELECT value AS v FROM raw.clicks)",
                "SELECT at AS t FROM (SELECT value.* FROM raw.clicks)",
                "SELECT timestamp AS t FROM raw.pages",
                "SELECT to_timestamp(get_json_object(value, '$.at')) AS t FROM raw.texts",
                "SELECT v.at AS t FROM (SELECT from_json(value, 'at timestamp') AS v FROM raw.texts)",
                "SELECT ordered_at AS t, e FROM trusted.orders LATERAL VIEW explode(ids) x AS e",
                "SELECT window.start AS t, count(*) AS n FROM trusted.orders GROUP BY window(ordered_at, '5 seconds')",
                "SELECT window.start AS t, count(*) AS n FROM trusted.orders"
                        + " GROUP BY id, window(ordered_at, INTERVAL 5 SECONDS)",
                "SELECT w.start AS t, n FROM (SELECT window(ordered_at, '5 minutes') AS w, count(*) AS n"
                        + " FROM trusted.orders GROUP BY 1)",
                "SELECT window_time(window) AS t, count(*) FROM trusted.orders GROUP BY window(ordered_at, '1 minute')",
                "SELECT date_trunc('MINUTE', ordered_at) AS t, count(*) FROM trusted.orders GROUP BY t",
                "SELECT date_trunc('MINUTE', ordered_at) AS t, id, count(*) FROM trusted.orders GROUP BY ALL",
                "SELECT min(ordered_at) AS t FROM trusted.orders GROUP BY date_format(ordered_at, 'yyyy-MM-dd HH:mm')",
                "SELECT ordered_at AS t, date_trunc('HOUR', ordered_at) AS hour FROM trusted.orders GROUP BY 1, 2",
                "SELECT DISTINCT ordered_at AS t, id FROM trusted.orders",
                "SELECT DISTINCT * FROM (SELECT value.at AS t FROM raw.clicks)",
                "SELECT ordered_at AS t, row_number() OVER (PARTITION BY id, ordered_at ORDER BY id) AS r"
                        + " FROM trusted.orders",
                "SELECT ordered_at AS t, rank() OVER w AS r FROM trusted.orders"
                        + " WINDOW w AS (PARTITION BY date_trunc('minute', ordered_at) ORDER BY id)",
                "SELECT o.ordered_at AS t FROM trusted.orders o JOIN raw.clicks c ON o.id = c.value.id AND c.value.at ="
                        + " o.ordered_at",
                "SELECT o.ordered_at AS t FROM trusted.orders o, raw.clicks c WHERE o.ordered_at = c.value.at",
                "SELECT ordered_at AS t FROM trusted.orders JOIN (SELECT value.at AS ordered_at FROM raw.clicks)"
                        + " USING (ordered_at)",
                "WITH a AS (SELECT window(ordered_at, '1 minute').start AS m, id FROM trusted.orders),"
                        + " b AS (SELECT date_trunc('MINUTE', value.at) AS m FROM raw.clicks)"
                        + " SELECT a.m AS t FROM a LEFT JOIN b ON a.m = b.m",
                "SELECT o.ordered_at AS t FROM trusted.orders o JOIN (VALUES (1), (2)) v(id) ON o.id = v.id",
                "SELECT ordered_at AS t FROM trusted.orders UNION ALL SELECT value.at AS t FROM raw.clicks",
                "SELECT ordered_at AS t FROM trusted.orders EXCEPT SELECT value.at AS t FROM raw.clicks",
                "SELECT t, n FROM (SELECT window.start AS t, count(*) AS n FROM trusted.orders"
                        + " GROUP BY window(ordered_at, '1 minute') HAVING count(*) > 1) ORDER BY t"
            })
    void takesWhatKeepsToItsInterval(String sql) throws IOException {
        assertThat(found(sql, "")).isEmpty();
    }

    /** Its rows are the same for every interval, so only rows with a time decide. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ordered_at AS t, name FROM trusted.orders o JOIN trusted.customers c ON c.id = o.id",
                "SELECT ordered_at AS t, name FROM trusted.orders LEFT JOIN trusted.customers USING (id)",
                "SELECT ordered_at AS t, name FROM trusted.customers c RIGHT JOIN trusted.orders o ON c.id = o.id",
                "SELECT ordered_at AS t FROM trusted.orders WHERE id IN (SELECT id FROM trusted.customers)",
                "SELECT ordered_at AS t, n FROM trusted.orders CROSS JOIN (SELECT count(*) AS n FROM trusted.customers)",
                "WITH c AS (SELECT DISTINCT id FROM trusted.customers), f AS (SELECT id FROM c ORDER BY id LIMIT 3)"
                        + " SELECT ordered_at AS t FROM trusted.orders JOIN f USING (id)",
                "WITH o AS (SELECT ordered_at AS t, id FROM trusted.orders) SELECT t, name FROM o JOIN trusted.customers"
                        + " USING (id)",
                "SELECT window.start AS t, name, count(*) FROM trusted.orders JOIN trusted.customers USING (id)"
                        + " GROUP BY name, window(ordered_at, '1 minute')"
            })
    void takesWhatReadsATableWithoutDatesWhole(String sql) throws IOException {
        assertThat(found(sql, "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ordered_at AS t, name FROM trusted.customers%LEFT JOIN trusted.orders USING (id)",
                "SELECT ordered_at AS t, name FROM trusted.orders%RIGHT JOIN trusted.customers USING (id)",
                "SELECT ordered_at AS t, name FROM trusted.orders o%FULL JOIN trusted.customers c ON c.id = o.id"
            })
    void warnsOfRowsOfATableWithoutDatesThatStayAlone(String sql) throws IOException {
        assertThat(found(sql.replace('%', '\n'), ""))
                .singleElement()
                .asString()
                .startsWith("warning: pipelines/shop/counts.sql:")
                .contains(": the join has no time among its keys");
    }

    @Test
    void aLookbackIsOfInputsWithATime() throws IOException {
        assertThat(found(
                        "SELECT window.end AS t, name, count(*) FROM trusted.orders JOIN trusted.customers USING (id)"
                                + " GROUP BY name, window(ordered_at, '1 minute')",
                        ", inputs: {trusted.orders: {lookback: 1 minute}, trusted.customers: {refresh: always}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT max(ordered_at) AS t, id FROM trusted.orders%GROUP BY id | 2: GROUP BY has no time among its"
                        + " keys",
                "SELECT max(ordered_at) AS t FROM trusted.orders%GROUP BY ROLLUP (ordered_at, id) | 2: GROUP BY has no"
                        + " time among its keys",
                "SELECT min(t) AS t FROM (SELECT id,%ordered_at AS t FROM trusted.orders) GROUP BY id | 2: GROUP BY has"
                        + " no time among its keys",
                "SELECT DISTINCT id FROM trusted.orders | 1: DISTINCT has no time among its columns",
                "SELECT id FROM trusted.orders%INTERSECT SELECT value.id FROM raw.clicks | 1: EXCEPT or INTERSECT has no"
                        + " time among its columns",
                "SELECT ordered_at AS t,%row_number() OVER (PARTITION BY id ORDER BY ordered_at) AS r FROM"
                        + " trusted.orders | 2: PARTITION BY has no time among its keys",
                "SELECT ordered_at AS t, lag(id) OVER (ORDER BY ordered_at) AS r FROM trusted.orders | 1: PARTITION BY"
                        + " has no time among its keys",
                "SELECT o.ordered_at AS t FROM trusted.orders o%JOIN raw.clicks c ON o.id = c.value.id | 2: the join has"
                        + " no time among its keys",
                "SELECT o.ordered_at AS t FROM trusted.orders o%CROSS JOIN raw.clicks c | 2: the join has no time among"
                        + " its keys",
                "SELECT ordered_at AS t FROM trusted.orders%WHERE id IN (SELECT value.id FROM raw.clicks) | 2: the"
                        + " subquery reads a table"
            })
    void warnsOfWhatMayDependOnMore(String sql, String warning) throws IOException {
        String expected = "warning: pipelines/shop/counts.sql:" + warning
                + ", so a row of gold.counts may depend on more than one interval of 5 minutes." + VERIFY;
        assertThat(found(sql.replace('%', '\n'), "")).contains(expected).allMatch(text -> text.startsWith("warning"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ordered_at + INTERVAL 1 HOUR AS t FROM trusted.orders",
                "SELECT value.other AS t FROM raw.clicks",
                "SELECT timestamp AS t FROM raw.clicks",
                "SELECT a.x AS t FROM (SELECT ordered_at FROM trusted.orders) AS a",
                "SELECT coalesce(ordered_at, TIMESTAMP '2024-01-01 00:00:00') AS t FROM trusted.orders",
                "SELECT id FROM trusted.orders"
            })
    void warnsOfATimeThatIsNotSeenToComeFromInputs(String sql) throws IOException {
        assertThat(found(sql, ""))
                .containsExactly("warning: pipelines/shop/counts.sql:1: `time: t` of gold.counts is not seen to come"
                        + " from a time of its inputs. Select the time, or window.start. `./lake verify gold.counts"
                        + " --date D` compares a date with one computed as a whole.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT window.start AS t, count(*) FROM trusted.orders%GROUP BY window(ordered_at, '7 seconds') | 2:"
                        + " windows of 7 seconds do not divide intervals of 5 minutes. Write an `interval` that is a"
                        + " multiple of them.",
                "SELECT window.start AS t, count(*) FROM trusted.orders%GROUP BY window(ordered_at, '1 hour') | 2:"
                        + " windows of 1 hour do not divide",
                "SELECT window.start AS t, count(*) FROM trusted.orders%GROUP BY window(ordered_at, '1 minute',"
                        + " '1 minute', '30 seconds') | 2: windows of 1 minute, 30 seconds later, do not divide"
                        + " intervals of 5 minutes. Start them without an offset, or by a multiple of their length.",
                "SELECT date_trunc('HOUR', ordered_at) AS t, count(*) FROM trusted.orders GROUP BY 1 | 1: windows of 1"
                        + " hour do not divide intervals of 5 minutes.",
                "SELECT ordered_at AS t,%count(*) OVER (PARTITION BY CAST(ordered_at AS date)) AS n FROM trusted.orders"
                        + " | 2: windows of 1 day do not divide",
                "SELECT date_trunc('HOUR', ordered_at) AS t FROM trusted.orders | 1: windows of 1 hour do not divide",
                "SELECT window.end AS t, count(*) FROM trusted.orders GROUP BY window(ordered_at, '1 minute') | 1: 't'"
                        + " is the end of a window, which lies in the interval behind it. Take window.start, or give"
                        + " each input a lookback as long as the window: `inputs: {trusted.orders: {lookback: 1"
                        + " minute}}`.",
                "SELECT window AS t, count(*) FROM trusted.orders GROUP BY window(ordered_at, '1 minute') | 1: 't' is a"
                        + " window, not a time. Select window.start.",
                "SELECT max(ordered_at) AS t,%count(*) AS n FROM trusted.orders | 1: an aggregate over all rows would"
                        + " see the rows of some intervals only. GROUP BY the time or a window of it, or compute"
                        + " gold.counts by whole dates.",
                "SELECT ordered_at AS t FROM trusted.orders ORDER BY id%LIMIT 3 | LIMIT and OFFSET would count the rows"
                        + " of some intervals only. Take it out, or compute gold.counts by whole dates.",
                "SELECT min(ordered_at) AS t FROM trusted.orders%GROUP BY session_window(ordered_at, '1 minute') | 2:"
                        + " session_window goes over the end of an interval for as long as rows follow each other."
                        + " Use window(…), or compute gold.counts by whole dates."
            })
    void refusesWhatCannotKeepToItsInterval(String sql, String fault) throws IOException {
        assertThat(found(sql.replace('%', '\n'), ""))
                .filteredOn(text -> !text.startsWith("warning"))
                .singleElement()
                .asString()
                .startsWith("pipelines/shop/counts.sql:")
                .contains(fault);
    }

    @Test
    void slidingWindowsNeedALookback() throws IOException {
        String sql = "SELECT window.end AS t, count(*) AS n FROM trusted.orders\nGROUP BY " + SLIDING;
        assertThat(found(sql, LOOKBACK)).isEmpty();
        assertThat(found(sql, LOOKBACK.replace("10", "9")))
                .containsExactly(
                        "pipelines/shop/counts.sql:2: windows of 10 minutes that slide by 5 minutes go over the"
                                + " start of their interval. Take window.end as `t`, and give each input a lookback as long as"
                                + " they are: `inputs: {trusted.orders: {lookback: 10 minutes}}`.");
        assertThat(found(sql, "")).hasSize(1);
        assertThat(found(sql.replace("end", "start"), LOOKBACK))
                .containsExactly("pipelines/shop/counts.sql:2: 't' is the start of sliding windows, whose rows go on"
                        + " behind the interval. Take window.end: then the input's lookback covers the window.");
        assertThat(found(sql.replace("5 minutes", "3 minutes"), LOOKBACK))
                .containsExactly(
                        "pipelines/shop/counts.sql:2: windows that slide by 3 minutes do not divide intervals of"
                                + " 5 minutes. Write an `interval` that is a multiple of them.");
    }

    @Test
    void theEndOfAWindowNeedsALookback() throws IOException {
        assertThat(found(
                        "SELECT window.end AS t, count(*) FROM trusted.orders GROUP BY window(ordered_at, '1 minute')",
                        ", inputs: {trusted.orders: {lookback: 1 minute}}"))
                .isEmpty();
    }

    @Test
    void windowsEndAtMidnight() throws IOException {
        String sql = "SELECT window.start AS t FROM trusted.orders GROUP BY window(ordered_at, '1 hour')";
        String head = HEAD.replace("UTC", "Asia/Kolkata");
        assertThat(found(head, sql, "1 hour", ""))
                .containsExactly(
                        "pipelines/shop/counts.sql:1: windows of 1 hour go over midnight in Asia/Kolkata, which"
                                + " is +05:30 from UTC. Use windows that divide this, such as those of 15 minutes.");
        assertThat(found(head, sql.replace("1 hour", "30 minutes"), "1 hour", ""))
                .isEmpty();
        assertThat(found(HEAD.replace("UTC", "America/Sao_Paulo"), sql, "1 hour", ""))
                .isEmpty();
    }

    @Test
    void tablesOfWholeDatesMayDoAnything() throws IOException {
        assertThat(found(HEAD, "SELECT max(ordered_at) AS t FROM trusted.orders", "", ""))
                .isEmpty();
    }

    /** The four that the requirements name. */
    @Test
    void badInputEndsWithStatusThree() throws IOException {
        String sql = "SELECT window.start AS t FROM trusted.orders GROUP BY window(ordered_at, '5 seconds')";
        assertRefused(HEAD, sql, "7 minutes", "", "pipeline.yaml:", "Write `6 minutes` or `8 minutes`.");
        assertRefused(HEAD, sql.replace("5", "7"), "5 minutes", "", "counts.sql:1:", "Write an `interval`");
        assertRefused(
                HEAD.replace(", time: ordered_at", ""),
                sql,
                "5 minutes",
                "",
                "counts.sql:1:",
                "Name the column of event times");
        assertRefused(
                HEAD,
                "SELECT ordered_at AS t, name FROM trusted.orders JOIN trusted.customers USING (id)",
                "5 minutes",
                ", inputs: {trusted.customers: {lookback: 10 minutes}}",
                "pipeline.yaml:",
                "or say `refresh` instead.");
    }

    private void assertRefused(String head, String sql, String interval, String inputs, String place, String remedy)
            throws IOException {
        Compilation compilation = compile(head, sql, interval, inputs);
        assertThatThrownBy(compilation::orThrow)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        e -> assertThat(e.exitCode().status()).isEqualTo(3))
                .hasMessageContainingAll(place, remedy);
    }

    private List<String> found(String sql, String inputs) throws IOException {
        return found(HEAD, sql, "5 minutes", inputs);
    }

    /** The faults and warnings. */
    private List<String> found(String head, String sql, String interval, String inputs) throws IOException {
        Compilation compilation = compile(head, sql, interval, inputs);
        return compilation instanceof Compilation.Failed failed
                ? failed.diagnostics().stream().map(Diagnostic::toString).toList()
                : compilation.warnings().stream()
                        .map(text -> "warning: " + text)
                        .toList();
    }

    private Compilation compile(String head, String sql, String interval, String inputs) throws IOException {
        Path shop = Files.createDirectories(folder.resolve("pipelines/shop"));
        String intervals = interval.isEmpty() ? "" : ", interval: " + interval;
        Files.writeString(
                shop.resolve("pipeline.yaml"),
                head + "    daily: {sql: counts.sql, time: t" + intervals + inputs + "}\n");
        Files.writeString(shop.resolve("orders.sql"), ORDERS);
        Files.writeString(shop.resolve("customers.sql"), "SELECT value.id, value.name, value.at FROM raw.clicks");
        Files.writeString(shop.resolve("counts.sql"), sql);
        return new ProjectCompiler(new SparkSqlParser()).compile(folder);
    }
}
