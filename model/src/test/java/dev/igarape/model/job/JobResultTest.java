package dev.igarape.model.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.PlannedDate.Status;
import dev.igarape.model.job.SchemaCheckResult.SubjectCheck;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The JSON of the jobs' results, which Airflow's operators read, too. */
class JobResultTest {
    private static final TableName TABLE = TableName.parse("raw.orders");
    private static final LocalDate DATE = LocalDate.of(2024, 1, 31);

    @Test
    void aBuildHasItsCountsAndNoWarningsWhereThereAreNone() throws Exception {
        JobResult<TableResult> result = new JobResult<>(
                "r",
                List.of(
                        new TableResult(TABLE, Optional.of(DATE), "committed", 7, 1, 2, 3, 4, 5, List.of()),
                        new TableResult(TABLE, Optional.empty(), "unchanged", 0, 0, 0, 0, 0, 0, List.of("look"))));
        String json = """
                {"run_id":"r","tables":[{"table":"raw.orders","date":"2024-01-31","outcome":"committed","sequence":7,\
                "read":1,"written":2,"quarantined":3,"dropped":4,"filtered":5},{"table":"raw.orders",\
                "outcome":"unchanged","sequence":0,"read":0,"written":0,"quarantined":0,"dropped":0,"filtered":0,\
                "warnings":["look"]}]}""";

        assertThat(json(result)).isEqualTo(json);
        assertThat(JobResult.parse(json, TableResult.class)).isEqualTo(result);
        assertThat(result.warnings()).containsExactly("look");
    }

    @Test
    void maintenanceSaysWhetherItWasADryRun() throws Exception {
        JobResult<MaintenanceAction> result = new JobResult<>(
                "r",
                Optional.of(false),
                List.of(new MaintenanceAction(TABLE, Optional.of(DATE), "expired after 7 days", 1, 2, 3, 4)));
        String json = """
                {"run_id":"r","dry_run":false,"tables":[{"table":"raw.orders","date":"2024-01-31",\
                "what":"expired after 7 days","files":1,"rows":2,"bytes":3,"sequence":4}]}""";

        assertThat(json(result)).isEqualTo(json);
        assertThat(JobResult.parse(json, MaintenanceAction.class)).isEqualTo(result);
    }

    @Test
    void quarantineCountsByDateAndRule() throws Exception {
        JobResult<QuarantineCount> result =
                new JobResult<>("r", List.of(new QuarantineCount(TABLE, DATE, "bad_magic", 2, 9)));
        String json = """
                {"run_id":"r","tables":[{"table":"raw.orders","date":"2024-01-31","rule":"bad_magic","rows":2,\
                "commit":9}]}""";

        assertThat(json(result)).isEqualTo(json);
        assertThat(JobResult.parse(json, QuarantineCount.class)).isEqualTo(result);
        assertThat(JobResult.parse(json, Map.class).tables()).hasSize(1);
    }

    @Test
    void aPlanHasDatesAndRedefinitions() throws Exception {
        PlanResult plan = new PlanResult(
                List.of(new PlannedDate(TABLE, DATE, Status.STALE, List.of("why"), 3)),
                List.of(new Redefinition(TABLE, 2, List.of("-a"))));
        String json = """
                {"dates":[{"table":"raw.orders","date":"2024-01-31","status":"stale","rows":3,"reasons":["why"]}],\
                "redefinitions":[{"table":"raw.orders","dates":2,"diff":["-a"]}]}""";

        assertThat(json(plan)).isEqualTo(json);
        assertThat(Json.mapper().readValue(json, PlanResult.class)).isEqualTo(plan);
    }

    @Test
    void aLookAtATableHasWhatItsKindHas() throws Exception {
        Instant noon = Instant.parse("2024-01-31T12:00:00Z");
        Inspected.Keyed keyed = new Inspected.Keyed(
                "hdfs://n/rows",
                8,
                noon,
                Optional.of(new Inspected.Files(2, 3, 1, 2)),
                4,
                Optional.of("2024-01-01T00:00:00Z"),
                5);
        JobResult<Inspected> result = new JobResult<>(
                "inspect",
                List.of(
                        new Inspected(
                                TABLE,
                                "view",
                                Optional.empty(),
                                Map.of(),
                                Optional.empty(),
                                0,
                                Optional.empty(),
                                List.of()),
                        new Inspected(
                                TABLE,
                                "current",
                                Optional.of(new Inspected.LastCommit(7, noon)),
                                Map.of("fresh", 1L),
                                Optional.empty(),
                                6,
                                Optional.of(keyed),
                                List.of(new Inspected.Finding(true, "why", "what")))));
        String json = """
                {"run_id":"inspect","tables":[{"table":"raw.orders","kind":"view","dates":{},"quarantined":0,\
                "findings":[]},{"table":"raw.orders","kind":"current",\
                "last":{"sequence":7,"at":"2024-01-31T12:00:00Z"},"dates":{"fresh":1},"quarantined":6,\
                "keyed":{"folder":"hdfs://n/rows","version":8,"changed_at":"2024-01-31T12:00:00Z",\
                "files":{"files":2,"bytes":3,"hidden_rows":1,"small":2},"remembered":4,"forgotten":"2024-01-01T00:00:00Z",\
                "too_late":5},"findings":[{"failed":true,"problem":"why","remedy":"what"}]}]}""";

        assertThat(json(result)).isEqualTo(json);
        assertThat(JobResult.parse(json, Inspected.class)).isEqualTo(result);
    }

    @Test
    void aSchemaCheckHasTheVerdictOfEachEngine() throws Exception {
        SchemaCheckResult result = new SchemaCheckResult(
                List.of(new SubjectCheck("orders-value", TABLE, List.of(CheckResult.rejected("hive", "why")))));
        String json = """
                {"checks":[{"subject":"orders-value","table":"raw.orders",\
                "verdicts":[{"engine":"hive","ok":false,"reason":"why"}]}]}""";

        assertThat(json(result)).isEqualTo(json);
        assertThat(Json.mapper().readValue(json, SchemaCheckResult.class)).isEqualTo(result);
    }

    @Test
    void onlyATablesLineIsATableResult() {
        assertThat(TableResult.parse("{\"table\": \"raw.orders\", \"outcome\": \"committed\"}"))
                .isPresent();
        assertThat(TableResult.parse("{\"run_id\": \"r\", \"tables\": []}")).isEmpty();
        assertThat(TableResult.parse("{\"dates\": [], \"redefinitions\": []}")).isEmpty();
        assertThat(TableResult.parse("started")).isEmpty();
        assertThat(TableResult.parse("")).isEmpty();
    }

    @Test
    void flagsOfLandingsDoNotGoWithDue() {
        new BuildFlags(false, false, true, true).requireFitForDue();
        assertThatThrownBy(() -> new BuildFlags(false, true, false, false).requireFitForDue())
                .isInstanceOf(LakeException.class)
                .hasMessage("--accept-gap is for landings, and --due builds daily tables alone."
                        + " Run the landing by itself first, then --due.");
    }

    private static String json(Object value) throws JsonProcessingException {
        return Json.mapper().writeValueAsString(value);
    }
}
