package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.igarape.model.compile.Compilation;
import dev.igarape.model.compile.TestProject;
import dev.igarape.model.compile.diagnostic.Diagnostic;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TwelveDiagnosticsTest {
    @TempDir
    private Path folder;

    private TestProject project;

    @BeforeEach
    void write() {
        project = new TestProject(folder)
                .with("pipelines/shop/pipeline.yaml", """
                        pipeline: shop
                        owner: data-platform
                        descripton: Orders of the shop.
                        schedule: "@dayly"
                        start_date: 2024-02-30
                        timezone: America/Sao_Paolo
                        tables:
                          raw._orders:
                            landing: {kafka: {topics: [orders]}}
                          raw.orders:
                            landing: {kafka: {topics: [../orders]}}
                            retention: a week
                          trusted.orders:
                            daily: {sql: orders.sql}
                            columns: {id: bigit}
                            expect:
                              positive: {check: "amount >", on_fail: quarantin}
                        """)
                .with("pipelines/shop/orders.sql", "SELECT o.id,\n  now() AS seen\nFROM raw.order AS o\n");
    }

    @Test
    void areAllToldWithTheirLines() {
        String yaml = "pipelines/shop/pipeline.yaml";
        assertThat(project.diagnostics())
                .containsExactly(
                        "pipelines/shop/orders.sql:2: now answers differently on every run. Use {run_date} for the"
                                + " date that is built or {next_date} for the one after it.",
                        "pipelines/shop/orders.sql:3: trusted.orders reads raw.order, which no pipeline declares (did"
                                + " you mean raw.orders?). Declare it, or read one that exists.",
                        yaml
                                + ":3: unknown key 'descripton' in a pipeline (did you mean description?). Use pipeline, description,"
                                + " owner, schedule, start_date, timezone, tags or tables.",
                        yaml + ":4: unknown schedule '@dayly' (did you mean @daily?). " + ScheduleCheck.REMEDY,
                        yaml + ":5: start_date '2024-02-30' is not a date. Write the first date to build as"
                                + " yyyy-mm-dd, such as 2024-01-31.",
                        yaml + ":6: unknown timezone 'America/Sao_Paolo' (did you mean America/Sao_Paulo?). Use a name"
                                + " of the tz database, such as UTC or America/Sao_Paulo.",
                        yaml + ":8: 'raw._orders' is not a table name: Hadoop hides what starts with '_' or '.'. Write"
                                + " <layer>.<name>, such as trusted.orders, with lower-case letters, digits and"
                                + " underscores, starting with a letter.",
                        yaml + ":11: '../orders' is not a topic name. Use letters, digits, '.', '_' and '-', at most"
                                + " 249, without '..'.",
                        yaml + ":12: 'a week' is not a time to keep commits. Write for example `7 days`, `48 hours` or"
                                + " `forever`; it counts from the commit.",
                        yaml + ":15: 'bigit' is not a column type: 'bigit' is no type (did you mean bigint?). Use a"
                                + " Spark SQL type such as string, bigint, decimal(12,2), timestamp, array<string> or"
                                + " struct<id: bigint>.",
                        yaml + ":17: the check is not SQL: Syntax error at or near end of input. Write a boolean Spark"
                                + " SQL expression, such as \"amount >= 0\".",
                        yaml + ":17: unknown action 'quarantin' (did you mean quarantine?). Use warn, quarantine, drop"
                                + " or fail.");
    }

    @Test
    void comeAsOneError() {
        assertThatThrownBy(() -> project.compile().orThrow())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("pipeline.yaml:5: start_date")
                .hasMessageEndingWith("\nThe project does not compile: 12 faults.");
    }

    @Test
    void haveColumns() {
        assertThat(project.compile())
                .isInstanceOfSatisfying(
                        Compilation.Failed.class,
                        failed -> assertThat(failed.diagnostics())
                                .filteredOn(fault -> fault.problem().startsWith("unknown action"))
                                .extracting(Diagnostic::line, Diagnostic::column)
                                .containsExactly(tuple(17, 46)));
    }
}
