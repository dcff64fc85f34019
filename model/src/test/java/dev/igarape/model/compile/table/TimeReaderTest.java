package dev.igarape.model.compile.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimeReaderTest {
    private static final String SQL = "SELECT value.at FROM raw.orders";

    @TempDir
    private Path folder;

    @Test
    void readsTimeAndIntervalAndLookback() {
        Table table = project("{daily: {sql: orders.sql, time: at, interval: 5 minutes,"
                        + " inputs: {raw.orders: {lookback: 90 seconds}}}, columns: {at: timestamp}}")
                .manifest()
                .table(TableName.parse("trusted.orders"))
                .orElseThrow();
        assertThat(table.definition())
                .isEqualTo(new DailyDefinition(SQL, Optional.of("at"), Optional.of(Duration.ofMinutes(5))));
        assertThat(table.inputs())
                .containsExactly(new Input(TableName.parse("raw.orders"), 0, Optional.of(Duration.ofSeconds(90))));
    }

    @Test
    void takesATimeWithoutAnInterval() {
        Table table = project("{daily: {sql: orders.sql, time: at, inputs: {raw.orders: {lookback: 2}}}}")
                .manifest()
                .table(TableName.parse("trusted.orders"))
                .orElseThrow();
        assertThat(table.definition()).isEqualTo(new DailyDefinition(SQL, Optional.of("at"), Optional.empty()));
        assertThat(table.inputs()).containsExactly(new Input(TableName.parse("raw.orders"), 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "interval: 5 minutes | :9: 'interval' without 'time': nothing says which interval a row belongs to. Name"
                        + " the table's column of event times: `time: ordered_at`.",
                "time: at, interval: 7 minutes | :9: intervals of 7 minutes do not divide a day: the last one would be"
                        + " cut short. Write `6 minutes` or `8 minutes`.",
                "time: at, interval: 5 hours | :9: intervals of 5 hours do not divide a day: the last one would be cut"
                        + " short. Write `288 minutes` or `6 hours`.",
                "time: at, interval: 13 hours | do not divide a day: the last one would be cut short. Write"
                        + " `12 hours`.",
                "time: at, interval: 1 day | :9: an interval of 1 day is not shorter than the date of which it is a"
                        + " part. Take it out: a table without one is computed by whole dates.",
                "time: at, interval: 30 seconds | :9: '30 seconds' is not an interval. Write whole minutes or hours that"
                        + " divide a day, such as `5 minutes` or `1 hour`.",
                "time: at, interval: 5 | :9: 'interval' is a number where text belongs.",
                "time: at, interval: 5 minutes, inputs: {raw.orders: {lookback: 2}} | :9: 'lookback' of raw.orders is a"
                        + " number of dates, but the table has intervals. Write a time, such as `lookback: 10 minutes`.",
                "time: at, interval: 5 minutes, inputs: {raw.orders: {lookback: soon}} | :9: 'soon' is no time to look"
                        + " back, up to 3660 days. Write a time, such as `lookback: 10 minutes`.",
                "time: at, interval: 5 minutes, inputs: {raw.orders: {lookback: 3661 days}} | '3661 days' is no time to"
                        + " look back",
                "inputs: {raw.orders: {lookback: 10 minutes}} | :9: 'lookback' of raw.orders is a time, but the table is"
                        + " computed by whole dates. Write how many earlier dates, such as `lookback: 1`, or give the"
                        + " table an `interval`.",
                "time: as | :9: time 'as' is none of the table's columns (did you mean at?). Name a column of type"
                        + " timestamp or timestamp_ntz.",
                "time: id | :9: time 'id' is of type bigint. Name a column of type timestamp or timestamp_ntz.",
                "time: date | :9: 'date' is no column of event times. Name the table's column of event times: `time:"
                        + " ordered_at`.",
                "time: At, interval: 1 hour | :9: 'At' is no column of event times."
            })
    void refusesWhatDoesNotFit(String keys, String fault) {
        String body = "{daily: {sql: orders.sql, " + keys.strip() + "}, columns: {id: bigint, at: timestamp}}";
        assertThat(project(body).diagnostics()).singleElement().asString().contains(fault);
    }

    @Test
    void keepsTheColumnOfThePartitionsFree() {
        String columns = "columns: {at: timestamp, interval: string}}";
        assertThat(project("{daily: {sql: orders.sql, time: at, interval: 5 minutes}, " + columns)
                        .diagnostics())
                .containsExactly("pipelines/shop/pipeline.yaml:9: the platform adds the column interval, by which the"
                        + " table is partitioned. Give the column another name here and in the SQL.");
        assertThat(project("{daily: {sql: orders.sql, time: at}, " + columns).diagnostics())
                .isEmpty();
    }

    private TestProject project(String body) {
        return new TestProject(folder)
                .tables(TestProject.LANDING, "  trusted.orders:\n    " + body + "\n")
                .with("pipelines/shop/orders.sql", SQL);
    }
}
