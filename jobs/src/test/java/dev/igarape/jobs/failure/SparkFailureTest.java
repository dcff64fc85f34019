package dev.igarape.jobs.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.error.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told of failures that Spark itself makes. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class SparkFailureTest {
    private static final String MEMORY = "the memory of the job does not suffice";

    @TempDir
    private static Path folder;

    private static SparkSession session;

    @BeforeAll
    static void start(TestingSpark spark) {
        session = spark.newSession();
        session.sql("SELECT '2024-1-5' AS s, 9000000000000000000 AS n, array(1, 2) AS a, DATE '2024-01-05' AS d")
                .write()
                .parquet(folder.resolve("t").toString());
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of(
                        "from_json(s, 'x INT', map('mode', 'FAILFAST')).x",
                        "a text is no record of its schema (Unexpected character ('-'"),
                Arguments.of(
                        "from_json(concat('{\"x\": \"', s, '\"}'), 'x INT', map('mode', 'FAILFAST')).x",
                        "2024-1-5 in field 'x' of a JSON text is no INT"),
                Arguments.of("to_date(s, 'yyyy-MM-dd')", "'2024-1-5' does not follow the pattern that it is read by"),
                Arguments.of("date_format(d, 'YYYY')", "'YYYY' is no pattern of dates and times"),
                Arguments.of("concat('', raise_error(concat('no price in ', s)))", "no price in 2024-1-5"),
                Arguments.of("element_at(a, 0)", "element 0, where element_at counts from 1"),
                Arguments.of("map(s, 1, s, 2)", "a map would have the key 2024-1-5 twice"),
                Arguments.of("map(nullif(s, s), 1)", "a map would have a null key"),
                Arguments.of("s RLIKE concat('(', s)", "'(2024-1-5' is no regular expression: Unclosed group"),
                Arguments.of("regexp_replace(s, '2', '$7')", "No group 7"),
                Arguments.of("timestamp_seconds(n)", "a number does not fit into its type (long overflow)"),
                Arguments.of("format_string('%d', s)", "a format does not fit what is to be formatted"),
                Arguments.of("sequence(0, n)", "a row or a value grows larger than Spark can hold"),
                Arguments.of("xpath(s, 'a/b')", "Content is not allowed in prolog"),
                Arguments.of("decode(CAST(s AS BINARY), s)", "there is no character set 2024-1-5"),
                Arguments.of("from_utc_timestamp(d, s)", "a date or time can't be read or made (Invalid ID"),
                Arguments.of("to_number(s, '999')", "2024-1-5 does not match the format"),
                Arguments.of("java_method('java.lang.Integer', 'parseInt', s)", "a text is no number"),
                Arguments.of("array_repeat(s, 2147483647)", "Cannot create array with 2147483647 elements"),
                Arguments.of("repeat('ab', 100000) RLIKE '(a|b)*'", "is nested too deeply"));
    }

    /** What Spark throws for a row; its settings are no advice (issue numbers: SPARK-31405 and its like). */
    @ParameterizedTest
    @MethodSource("rows")
    void aRowThatTheQueryCannotWorkOn(String expression, String told) {
        assertTold(fail("SELECT " + expression + " AS x FROM t", false), ExitCode.DEFINITION, told);
    }

    static Stream<Arguments> strictRows() {
        return Stream.of(
                Arguments.of("CAST(s AS INT)", "'2024-1-5' is no INT"),
                Arguments.of("n / (n - n)", "a division by zero"),
                Arguments.of("n * n", "a result does not fit into its type"),
                Arguments.of("a[5]", "element 5 of an array that has 2 elements"),
                Arguments.of("CAST(n AS DECIMAL(3,1))", "9000000000000000000 does not fit into decimal(3,1)"));
    }

    @ParameterizedTest
    @MethodSource("strictRows")
    void aRowThatAnsiSqlRefusesWithItsPlace(String expression, String told) {
        Throwable thrown = fail("SELECT\n  s,\n  " + expression + " AS x FROM t", true);
        assertTold(thrown, ExitCode.DEFINITION, told);
        assertThat(SparkFailure.position(thrown)).contains(expression + ", line 3");
    }

    static Stream<Arguments> queries() {
        return Stream.of(
                Arguments.of("SELECT nope FROM t", "there is no column `nope`; there are, e.g., `a`"),
                Arguments.of("SELECT n.x FROM t", "Can't extract a value from \"n\""),
                Arguments.of("SELECT nofun(n) FROM t", "there is no function `nofun`"),
                Arguments.of("SELECT n FROM u", "there is no table `u`"),
                Arguments.of("SELECT n + a FROM t", "Cannot resolve \"(n + a)\" due to data type mismatch"),
                Arguments.of("SELECT n, count(*) FROM t", "The query does not include a GROUP BY clause"),
                Arguments.of("SELECT from_json(s, 'nonsense<') FROM t", "Syntax error at or near '<'"),
                Arguments.of("SELECT percentile_approx(n, 2.0) FROM t", "must be between [0.0, 1.0]"),
                Arguments.of("SELECT s" + " || s".repeat(9000) + " FROM t", "is nested too deeply"));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aQueryThatDoesNotFitItsInput(String sql, String told) {
        assertTold(fail(sql, false), ExitCode.DEFINITION, told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "avro"})
    void aDamagedFileIsNoFaultOfTheQuery(String format) throws Exception {
        Path damaged = folder.resolve("damaged_" + format);
        session.range(0, 100_000, 1, 1).write().format(format).save(damaged.toString());
        Path file;
        try (Stream<Path> files = Files.list(damaged)) {
            file = files.filter(path -> path.toString().endsWith("." + format))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int i = bytes.length / 4; i < bytes.length / 2; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(file, bytes);
        // Hadoop's own checksum is another way to see it.
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        Throwable thrown = catchThrowable(() -> session.read()
                .schema("id BIGINT")
                .format(format)
                .load(damaged.toString())
                .selectExpr("sum(id)")
                .collect());
        // Spark's reader of Avro does not say which file it reads.
        String named = format.equals("avro")
                ? "a file of an input"
                : file.getFileName().toString();
        assertTold(thrown, ExitCode.EXPECTATION, named + " can't be read: its bytes are damaged");
    }

    /** No test can take a whole machine away from itself: these are the texts of Spark 3.5. */
    @Test
    void whatAMachineLacksIsNoFaultOfTheQuery() {
        assertTold(
                new SparkException(
                        "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: Lost"
                                + " task 0.3 in stage 1.0 (TID 4) (10.0.0.1 executor 1): ExecutorLostFailure (executor 1"
                                + " exited caused by one of the running tasks) Reason: Command exited with code 137\n"
                                + "Driver stacktrace:\n\tat org.apache.spark.X",
                        null),
                ExitCode.UNAVAILABLE,
                "a process of Spark was lost at work");
        assertTold(
                new SparkException("Job aborted.", new OutOfMemoryError("Java heap space")),
                ExitCode.UNAVAILABLE,
                MEMORY);
    }

    /** A bug stays one, so that it is reported. */
    @Test
    void whatOurOwnCodeThrowsIsNotExplainedAway() {
        assertThat(SparkFailure.of(new IllegalStateException("ours"))).isEmpty();
        assertThat(SparkFailure.of(new ArithmeticException("ours"))).isEmpty();
    }

    private static Throwable fail(String sql, boolean ansi) {
        SparkSession own = session.newSession();
        own.conf().set("spark.sql.ansi.enabled", ansi);
        // As in a job: errors of compiled queries differ from those of interpreted ones.
        own.conf().set("spark.sql.codegen.wholeStage", true);
        own.conf().set("spark.sql.codegen.factoryMode", "FALLBACK");
        own.read().parquet(folder.resolve("t").toString()).createOrReplaceTempView("t");
        return catchThrowable(() -> own.sql(sql)
                .write()
                .mode("overwrite")
                .parquet(folder.resolve("out").toString()));
    }

    private static void assertTold(Throwable thrown, ExitCode code, String told) {
        Optional<SparkFailure> failure = SparkFailure.of(thrown);
        assertThat(failure).as("%s", thrown).isPresent();
        assertThat(failure.get().problem()).contains(told);
        assertThat(failure.get().exitCode()).isEqualTo(code);
        String text = failure.get().problem() + ". " + failure.get().remedy();
        for (String never : List.of("spark.sql", "SQLSTATE", "[CAST_", "ANSI", "org.apache", "\n", "\tat ", "LEGACY")) {
            assertThat(text).doesNotContain(never);
        }
    }
}
