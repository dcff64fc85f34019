package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Values of envelopes in the types that a table declares. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class EnvelopeFieldsTest {
    /** As a JDBC landing reads it, and {@code ./lake reconcile} compares it. */
    @Test
    void aWallTimeThatIsDeclaredAMomentIsOneOfThePipelinesTimeZone(TestingSpark spark) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", "Europe/Lisbon");
        String value = "named_struct('id', 1, 'at', micros)";
        Dataset<Row> envelopes = session.sql("SELECT named_struct('op', 'c', 'before', " + value + ", 'after', " + value
                + ", 'source', named_struct('name', 's', 'sequence', '', 'lsn', 1L, 'snapshot', '', 'ts_ms', 1L)) AS value"
                // Summer; an hour that clocks show twice, and one that they skip; before 1970.
                + " FROM VALUES (1720000000000001L), (1729989000000000L), (1711848600000000L), (-1L) AS times(micros)");
        for (String type : List.of("timestamp", "timestamp_ntz")) {
            EnvelopeFields fields = new EnvelopeFields(declared(Map.of("at", type)), envelopes.schema());
            assertThat(envelopes
                            .select(fields.typed("at", col("value.after.at")).cast("string"))
                            .collectAsList())
                    .extracting(row -> row.getString(0))
                    .containsExactly(
                            "2024-07-03 09:46:40.000001",
                            "2024-10-27 00:30:00",
                            type.equals("timestamp") ? null : "2024-03-31 01:30:00",
                            "1969-12-31 23:59:59.999999");
            if (type.equals("timestamp")) {
                assertThat(envelopes
                                .select(fields.typed("at", col("value.after.at"))
                                        .cast("double"))
                                .first()
                                .getDouble(0))
                        .isEqualTo(1720000000.000001 - 3600);
            }
        }
    }

    @Test
    void typesThatHaveNoCounterpartAreNamed() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("price", "decimal(10,2)");
        columns.put("tags", "array<string>");
        // A numeric without precision is a record.
        StructType landed =
                StructType.fromDDL("value struct<op: string, before: struct<id: int>, after: struct<id: int,"
                        + " price: struct<scale: int, value: binary>, tags: array<string>>, source: struct<name: string,"
                        + " sequence: string, lsn: bigint, snapshot: string, ts_ms: bigint>>");
        assertThatThrownBy(() -> new EnvelopeFields(declared(columns), landed))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("column price is declared decimal(10,2), but the changes have"
                        + " struct<scale:int,value:binary>; column tags is declared array<string>, but the changes have"
                        + " array<string>");
    }

    @Test
    void bytesThatAnUpdateLeavesOutAreNotTold(TestingSpark spark) {
        SparkSession session = spark.newSession();
        String row = "named_struct('id', '1', 'photo', photo)";
        Dataset<Row> envelopes = session.sql("SELECT named_struct('op', 'u', 'before', " + row + ", 'after', " + row
                + ", 'source', named_struct('name', 's', 'sequence', '[\"10\",\"18\"]', 'lsn', 18L, 'snapshot', 'false', 'ts_ms',"
                + " 1L)) AS value FROM VALUES (CAST('" + Envelopes.UNAVAILABLE
                + "' AS BINARY)), (X'0102') AS rows(photo)");
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("id", "string");
        columns.put("photo", "binary");
        assertThat(new Envelopes(declared(columns))
                        .changes(envelopes)
                        .selectExpr("concat_ws(' ', " + Envelopes.UNCHANGED + "photo, hex(photo))")
                        .collectAsList())
                .extracting(told -> told.getString(0))
                .containsExactly("true", "false 0102");
    }

    private static Table declared(Map<String, String> columns) {
        Table captured = CaptureLake.current();
        return new Table(
                captured.name(), "", captured.definition(), columns, captured.inputs(), List.of(), "forever", "x");
    }
}
