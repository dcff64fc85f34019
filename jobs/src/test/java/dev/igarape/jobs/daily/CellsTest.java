package dev.igarape.jobs.daily;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.sql.SparkSqlParser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Into which parts of an interval queries fall. */
final class CellsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT window.start AS at, count(*) AS n FROM trusted.a GROUP BY window(at, '5 seconds')    | 5  | 15
            SELECT window.start AS at, count(*) AS n FROM trusted.a GROUP BY window(at, '1 minute')     | 5  | 60
            SELECT window.start AS at, count(*) AS n FROM trusted.a GROUP BY window(at, '5 minutes')    | 5  | -1
            SELECT window.start AS at, count(*) AS n FROM trusted.a GROUP BY window(at, '20 seconds')   | 1  | 20
            SELECT date_trunc('MINUTE', at) AS at, count(*) AS n FROM trusted.a GROUP BY 1              | 60 | 180
            SELECT at, id FROM trusted.a                                                                | 5  | 15
            SELECT DISTINCT at, id FROM trusted.a                                                       | 5  | 15
            SELECT a.at, b.id FROM trusted.a JOIN trusted.b ON a.at = b.at                              | 5  | -1
            SELECT min(a.at) AS at FROM trusted.a LEFT JOIN trusted.b ON a.at = b.at GROUP BY b.at, a.at | 5  | -1
            SELECT date_trunc('MINUTE', w.start) AS at, count(*) AS n FROM (SELECT window(at, '45 seconds') AS w FROM trusted.a) GROUP BY 1 | 3  | -1
            SELECT date_trunc('MINUTE', w.start) AS at, count(*) AS n FROM (SELECT window(at, '30 seconds') AS w FROM trusted.a) GROUP BY 1 | 3  | 60
            SELECT a.at, b.id FROM trusted.a JOIN trusted.b ON a.id = b.id                              | 5  | -1
            SELECT max(at) AS at, id FROM trusted.a GROUP BY id                                         | 5  | -1
            SELECT window.end AS at, count(*) AS n FROM trusted.a GROUP BY window(at, '5 seconds')      | 5  | -1
            SELECT at, row_number() OVER (PARTITION BY id ORDER BY at) AS n FROM trusted.a              | 5  | -1
            """)
    void cellsAreAsLongAsRowsDependOnEachOther(String sql, int minutes, long seconds) {
        Optional<Duration> expected = seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
        Map<String, List<String>> times = Map.of("trusted.a", List.of("at"), "trusted.b", List.of("at"));
        assertThat(Cells.length(new SparkSqlParser().timeShape(sql, "at", times), Duration.ofMinutes(minutes)))
                .isEqualTo(expected);
    }
}
