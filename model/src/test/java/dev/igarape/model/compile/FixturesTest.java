package dev.igarape.model.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.ExitCode;
import dev.igarape.model.Fixture;
import dev.igarape.model.LakeException;
import dev.igarape.model.Manifest;
import dev.igarape.model.TableName;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FixturesTest {
    private static final TableName RAW = TableName.parse("raw.orders");
    private static final TableName TRUSTED = TableName.parse("trusted.orders");

    @TempDir
    private Path folder;

    @Test
    void readsRowsWithEveryDigit() {
        Fixture fixture = read("""
                date: 2024-02-29
                given:
                  raw.orders:
                    - {value: {id: 9007199254740993, price: 1.10, paid: true, note: null, day: 2024-01-01}}
                expect:
                  trusted.orders: []
                """).get(0);
        assertThat(fixture.title()).isEqualTo("shop/t");
        assertThat(fixture.date()).isEqualTo(LocalDate.parse("2024-02-29"));
        assertThat(fixture.given().get(RAW))
                .singleElement()
                .hasToString("{\"value\":{\"id\":9007199254740993,\"price\":1.10,\"paid\":true,\"note\":null,"
                        + "\"day\":\"2024-01-01\"}}");
        assertThat(fixture.expected().get(TRUSTED).rows()).isEmpty();
    }

    @Test
    void readsCsvWithNullApartFromEmptyText() {
        project().with("pipelines/shop/tests/rows.csv", "\uFEFFid,note\n1,\"a,\"\"b\"\"\nc\"\n2,\n3,\"\"\n");
        Fixture fixture = read("given: {raw.orders: []}\nexpect: {trusted.orders: {csv: rows.csv}}")
                .get(0);
        assertThat(fixture.expected().get(TRUSTED).rows())
                .extracting(Object::toString)
                .containsExactly(
                        "{\"id\":\"1\",\"note\":\"a,\\\"b\\\"\\nc\"}",
                        "{\"id\":\"2\",\"note\":null}",
                        "{\"id\":\"3\",\"note\":\"\"}");
    }

    @Test
    void aPipelineWithoutTestsHasNone() {
        Manifest manifest = project().manifest();
        assertThat(Fixtures.read(folder, manifest, manifest.pipelines().get(0))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{given: {raw.orders: []}} | tests/t.yaml:1: 'expect' is missing",
                "{given: {raw.order: []}, expect: {}} | no pipeline declares raw.order (did you mean raw.orders?)",
                "{expect: {trusted.orders: []}} | trusted.orders reads raw.orders, which is not given",
                "{given: {raw.orders: []}, expect: {trusted.orders: [{idd: 1}]}} | trusted.orders has no column 'idd'"
                        + " (did you mean id?)",
                "{given: {raw.orders: []}, expect: {raw.orders: []}} | raw.orders is no daily table of shop",
                "{given: {raw.orders: []}, expect: {gold.seen: []}} | gold.seen is no daily table of shop",
                "{given: {gold.seen: []}, expect: {}} | gold.seen is a view",
                "{given: {gold.loose: []}, expect: {}} | gold.loose declares no columns",
                "{given: {raw.plain: []}, expect: {}} | raw.plain declares no columns",
                "{given: {raw.typed: [{created: 2024-01-01}]}, expect: {}} | raw.typed declares no type of column"
                        + " 'created'. Declare it under `columns` of the landing. It has: id, date.",
                "{given: {trusted.orders: []}, expect: {trusted.orders: []}} | the rows of trusted.orders are given",
                "{given: {trusted.orders: [{date: x}]}, expect: {}} | 'x' is not a date",
                "{given: {raw.orders: [1]}, expect: {}} | a row of 'raw.orders' is a number, not a mapping",
                "{given: {raw.orders: 1}, expect: {}} | 'raw.orders' is a number where a list belongs",
                "{given: {raw.orders: {csv: no.csv}}, expect: {}} | there is no file no.csv beside the test",
                "{given: {raw.orders: {csv: ../x.csv}}, expect: {}} | '../x.csv' is not a CSV file beside the test",
                "{given: {raw.orders: []}, expect: {trusted.orders: {fails: paid}}} | trusted.orders has no expectation"
                        + " 'paid' with on_fail: fail (did you mean paidd?)",
                "{date: 2024-02-30, given: {raw.orders: []}, expect: {}} | '2024-02-30' is not a date",
                "{givn: {}, expect: {}} | unknown key 'givn' in a test (did you mean given?)"
            })
    void faultsAreNamed(String yaml, String fault) {
        assertThatThrownBy(() -> read(yaml.strip()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining(fault);
    }

    private List<Fixture> read(String yaml) {
        Manifest manifest =
                project().with("pipelines/shop/tests/t.yaml", yaml).compile().orThrow();
        return Fixtures.read(folder, manifest, manifest.pipelines().get(0));
    }

    private TestProject project() {
        return new TestProject(folder)
                .with("pipelines/shop/o.sql", "SELECT id, note FROM raw.orders")
                .with("pipelines/shop/l.sql", "SELECT id FROM trusted.orders")
                .tables(TestProject.LANDING, """
                          raw.plain:
                            landing: {jdbc: {url: "${DB}", table: plain}}
                          raw.typed:
                            landing: {jdbc: {url: "${DB}", table: typed}}
                            columns: {id: bigint, created: {from: createdAt}}
                          trusted.orders:
                            daily: {sql: o.sql}
                            columns: {id: bigint, note: string}
                            expect: {paidd: {check: "id > 0", on_fail: fail}}
                          gold.loose:
                            daily: {sql: l.sql}
                          gold.seen:
                            view: {sql: l.sql, from: [trusted.orders]}
                        """);
    }
}
