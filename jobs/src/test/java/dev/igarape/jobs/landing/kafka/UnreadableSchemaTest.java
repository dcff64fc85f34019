package dev.igarape.jobs.landing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import org.junit.jupiter.api.Test;

/** Schemas that the registry, Hive or Trino can't do with. */
final class UnreadableSchemaTest extends EvolvingTopicTestBase {
    /** apache/hudi#8519, AbsaOSS/ABRiS#187. */
    @Test
    void readsTypesThatOtherSubjectsDefineAndKeepsOutOnlyWhatCannotBeRead() throws Exception {
        Lake lake = lake("parts", raw("parts", "earliest"));
        registry.add("address", record("t.Address", "{'name': 'street', 'type': 'string'}"));
        int whole = registry.add("parts-value", record("t.Order", "{'name': 'to', 'type': 't.Address'}"), "address");
        int broken = registry.add("parts-value", record("t.Order", "{'name': 'of', 'type': 't.Country'}"), "country");
        send(
                "parts",
                whole,
                "{'to': {'street': 'A'}}",
                record(
                        "t.Order",
                        "{'name': 'to', 'type': " + record("t.Address", "{'name': 'street', 'type': 'string'}") + "}"));
        assertThat(land(lake, "parts").balance()).isEqualTo(Balance.landed(1, 1, 0));
        send(
                "parts",
                broken,
                "{'of': {'code': 'BR'}}",
                record(
                        "t.Order",
                        "{'name': 'of', 'type': " + record("t.Country", "{'name': 'code', 'type': 'string'}") + "}"));

        assertThat(land(lake, "parts").balance()).isEqualTo(Balance.landed(1, 0, 1));
        CurrentPartition kept =
                lake.ledger(TableName.parse("raw.parts")).read().quarantine().get(0);
        assertThat(local.spark()
                        .read()
                        .format("avro")
                        .load(new TableLayout(lake.target(), lake.table(TableName.parse("raw.parts")))
                                        .quarantineFolder()
                                + "/" + kept.partition().path())
                        .select("rule", "reason")
                        .collectAsList())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.getString(0)).isEqualTo("unusable_schema");
                    assertThat(row.getString(1))
                            .contains("refers to version 1 of `country`, which the registry does not have");
                });
        registry.add("country", record("t.Country", "{'name': 'code', 'type': 'string'}"));
        try (Publisher publisher = lake.publisher()) {
            assertThat(new KafkaReplay(lake, publisher)
                            .run(lake.table(TableName.parse("raw.parts")), source(lake, "parts"))
                            .balance())
                    .isEqualTo(Balance.landed(1, 1, 0));
        }
        assertThat(build(lake, "parts", "value.to.street, value.of.code")).containsExactly("[A,null]", "[null,BR]");
    }

    /** HIVE-13748: the fields were committed and then unreadable. */
    @Test
    void refusesABuildWhoseFieldsNoReaderCanName() throws Exception {
        Lake lake = lake("hyphen", raw("hyphen", "earliest"));
        send("hyphen", registry.add("hyphen-value", amount(9, 2)), "{'amount': '\\u0001'}");
        land(lake, "hyphen");

        assertThatThrownBy(() -> build(lake, "hyphen", "named_struct('user-id',1)"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("field c0.user-id needs a name of letters, digits and underscores");
        assertThat(lake.ledger(TableName.parse("trusted.hyphen")).read().head()).isZero();
    }

    @Test
    void refusesARecursiveTypeBeforeTheCommit() throws Exception {
        Lake lake = lake("tree", raw("tree", "earliest"));
        int tree = registry.add("tree-value", record("t.Tree", "{'name': 'next', 'type': ['null', 't.Tree']}"));
        send("tree", tree, "{'next': null}");

        assertThatThrownBy(() -> land(lake, "tree"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Hive can't read the schema of the values")
                .hasMessageContaining("start: after raw.tree, format: bytes");
        assertThat(lake.ledger(TableName.parse("raw.tree")).read().head()).isZero();
    }
}
