package dev.igarape.jobs.landing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingPostgres;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that PostgreSQL has and the lake has not. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class ColumnNamesTest {
    private static LandedDatabase database;

    @BeforeAll
    static void start(LocalLake lake, TestingPostgres postgres) throws Exception {
        database = new LandedDatabase(lake, postgres);
        database.execute(
                "CREATE SCHEMA \"Shop\"",
                "CREATE TABLE \"Orders\" (id int, \"createdAt\" timestamptz, date date)",
                "INSERT INTO \"Orders\" VALUES (1, '2024-01-15 02:59:59Z', '2024-01-14'),"
                        + " (2, '2024-01-15 03:00Z', '2024-01-15'), (3, '2024-01-16 02:59:59.999999Z', '2024-01-16'),"
                        + " (4, '2024-01-16 03:00Z', 'infinity'), (5, NULL, NULL)",
                "CREATE TABLE \"Shop\".\"Order \"\"Lines\"\"\" (id int)",
                "INSERT INTO \"Shop\".\"Order \"\"Lines\"\"\" VALUES (7)",
                "CREATE TABLE odd (\"userId\" int, userid int, \"USERID\" int, user_id int, \"select\" int, _id int,"
                        + " \"Preço (R$)\" int, \"数量\" int, \"1st\" int, \"a \"\"b\"\"\" int, \"it's\" int, \"HTTPServer\" int,"
                        + " \"true\" int, \"\"\"q\"\"\" int, date date, source_date int, \"; DROP TABLE odd\" int)",
                "INSERT INTO odd VALUES (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, '2024-01-15', 16, 17)");
    }

    @Test
    @DisplayName("flink-cdc#3929: what the refusal says to paste makes the table land")
    void theMessageHasTheLineToPaste() throws Exception {
        LakeException refused = catchThrowableOfType(
                LakeException.class, () -> database.land("table: odd", "columns: {select: string}"));
        assertThat(refused.exitCode()).isEqualTo(ExitCode.DEFINITION);
        assertThat(refused)
                .hasMessageStartingWith("Cannot land raw.landed: odd has columns that need another name in the lake")
                .hasMessageContaining("userId, USERID, Preço (R$), 数量, 1st, a \"b\", it's, HTTPServer, \"q\", date,"
                        + " ; DROP TABLE odd. Nothing was read.");
        String line = refused.getMessage().replaceAll("(?s).*`(columns: .*})`.*", "$1");
        assertThat(line)
                .startsWith("columns: {select: string, user_id_2: {from: userId}, userid_2: {from: USERID},"
                        + " preco_r: {from: \"Preço (R$)\"}, column: {from: \"数量\"}, column_1st: {from: \"1st\"}")
                .contains("http_server: {from: HTTPServer}, ", "source_date_2: {from: date}");
        Row row = database.land("table: odd", line).first();
        assertThat(row.mkString(" ")).isEqualTo("1 2 3 4 5 6 7 8 9 10 11 12 13 14 2024-01-15 16 17");
        assertThat(List.of(row.schema().fieldNames()))
                .startsWith("user_id_2", "userid", "userid_2", "user_id", "select", "_id")
                .contains("true", "source_date");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "table: Orders, by: createdAt | 2, 3",
                "table: Orders, by: '\"createdAt\"' | 2, 3",
                "table: Orders, by: date | 2",
                "table: public.Orders, by: date | 2",
                "table: '\"public\".\"Orders\"', by: date | 2"
            })
    void tableAndDayAreNamedAsTheDatabaseNamesThem(String source, String ids) throws Exception {
        database.timezone("America/Sao_Paulo");
        String columns = "columns: {created_at: {from: '\"createdAt\"'}, order_date: {from: date, type: date}}";
        assertThat(database.land(source, columns).orderBy("id").collectAsList())
                .extracting(row -> row.getInt(0))
                .containsExactlyElementsOf(
                        List.of(ids.split(", ")).stream().map(Integer::valueOf).toList());
    }

    @Test
    void namesOfOtherCharactersStandInQuotes() throws Exception {
        assertThat(database.land("table: 'Shop.\"Order \"\"Lines\"\"\"'", "")
                        .first()
                        .getInt(0))
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "table: orders | `` | relation \"orders\" does not exist",
                "table: '\"x; DROP TABLE odd\"' | `` | relation \"x; DROP TABLE odd\" does not exist",
                "table: Orders, by: createdat | `` | has no column createdat, which `by` names. It has id, createdAt, date",
                "table: Orders, by: id | `` | has in id, which `by` names, values of the type integer. Name a column of",
                "table: Orders, by: \"1=1) OR (1\" | `` | has no column 1=1) OR (1",
                "table: Orders | columns: {at: {from: createdat}} | its `columns` come from createdat, but Orders has no",
                "table: Orders | columns: {x: int} | come from x, but Orders has no such column. It has id, createdAt"
            })
    void whatIsNotThereIsNamed(String source, String more, String fault) {
        assertThatThrownBy(() -> database.land(source, more))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining(fault);
    }

    @Test
    void aTableWithoutColumnsIsRefused() throws Exception {
        database.execute("CREATE TABLE bare ()");
        assertThatThrownBy(() -> database.land("table: bare", "")).hasMessageContaining("bare has no columns");
    }
}
