package dev.igarape.jobs.landing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.hive.ql.io.avro.AvroGenericRecordReader;
import org.apache.hadoop.hive.serde2.SerDeUtils;
import org.apache.hadoop.hive.serde2.avro.AvroGenericRecordWritable;
import org.apache.hadoop.hive.serde2.avro.AvroSerDe;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapred.FileSplit;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapred.Reporter;
import org.junit.jupiter.api.Test;

/** Landings of topics whose schema changes, read by daily tables and by Hive. */
final class EvolvingTopicTest extends EvolvingTopicTestBase {
    /** apache/hudi#6849: ended with `Can't redefine: t.Address`, for good. */
    @Test
    void landsATypeThatTwoFieldsShareAfterOneOfThemWasDropped() throws Exception {
        Lake lake = lake("shared", raw("shared", "earliest"));
        int v1 = registry.add("shared-value", record("t.Order", """
                {'name': 'billing', 'type': {'type': 'record', 'name': 'Address', 'fields': [
                    {'name': 'street', 'type': 'string'}]}},
                {'name': 'shipping', 'type': 'Address'}"""));
        send("shared", v1, "{'billing': {'street': 'A'}, 'shipping': {'street': 'B'}}");
        land(lake, "shared");
        int v2 = registry.add("shared-value", record("t.Order", """
                {'name': 'billing', 'type': {'type': 'record', 'name': 'Address', 'fields': [
                    {'name': 'street', 'type': 'string'}, {'name': 'zip', 'type': ['null', 'string'], 'default': null}]}}"""));
        send("shared", v2, "{'billing': {'street': 'C', 'zip': {'string': '01'}}}");
        land(lake, "shared");
        send("shared", v1, "{'billing': {'street': 'D'}, 'shipping': {'street': 'E'}}");
        land(lake, "shared");

        assertThat(build(lake, "shared", "value.billing.street, value.billing.zip, value.shipping.street"))
                .containsExactly("[A,null,B]", "[C,01,null]", "[D,null,E]");
        assertThat(hive(lake, "shared"))
                .hasSize(3)
                .anySatisfy(
                        row -> assertThat(row)
                                .contains(
                                        "\"billing\":{\"street\":\"A\",\"zip\":null},\"shipping\":{\"street\":\"B\",\"zip\":null}"));
    }

    @Test
    void landsADecimalOfMoreDigits() throws Exception {
        Lake lake = lake("wider", raw("wider", "earliest"));
        send("wider", registry.add("wider-value", amount(9, 2)), "{'amount': '\\u0005'}");
        land(lake, "wider");
        send("wider", registry.add("wider-value", amount(12, 2)), "{'amount': '\\u0002\\u0054\\u000b\\u00e3\\u00ff'}");
        land(lake, "wider");

        assertThat(build(lake, "wider", "value.amount")).containsExactly("[0.05]", "[99999999.99]");
        assertThat(hive(lake, "wider"))
                .anySatisfy(row -> assertThat(row).contains("\"amount\":0.05"))
                .anySatisfy(row -> assertThat(row).contains("\"amount\":99999999.99"));
        assertThat(local.metastore().getFields("wider_raw", "wider"))
                .extracting(column -> column.getType().toLowerCase(Locale.ROOT))
                .contains("struct<amount:decimal(12,2)>");
    }

    @Test
    void goesOnInATableOfItsOwnWhereTheOldOneCannotHoldTheNewValues() throws Exception {
        Table old = raw("scaled", "earliest");
        Lake lake = lake("scaled", old);
        int v1 = registry.add("scaled-value", amount(9, 2));
        send("scaled", v1, "{'amount': '\\u0001'}");
        land(lake, "scaled");
        int v2 = registry.add("scaled-value", amount(12, 4));
        // That there is such a schema stops nothing, as long as no value has it.
        send("scaled", v1, "{'amount': '\\u0002'}");
        assertThat(land(lake, "scaled").balance()).isEqualTo(Balance.landed(1, 1, 0));
        send("scaled", v2, "{'amount': '\\u0003'}");

        long head = lake.ledger(old.name()).read().head();
        assertThatThrownBy(() -> land(lake, "scaled"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageStartingWith(
                        "Cannot land raw.scaled: Two schemas can't be read as one table: the value.amount"
                                + " is {\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":")
                .hasMessageContaining(
                        "Nothing was committed; readers keep what they have. Go on in a new table, from the"
                                + " first record that is not in this one: declare `raw.scaled_2: {landing: {kafka: {topics:"
                                + " [scaled], start: after raw.scaled}}}` beside it, and run ./lake run raw.scaled_2 --date ");
        assertThat(lake.ledger(old.name()).read().head()).isEqualTo(head);

        Table next = raw("scaled", "raw.scaled_2", "after raw.scaled", "avro");
        Lake both = lake("scaled", old, next);
        assertThat(land(both, "scaled").outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(land(both, "scaled_2").balance()).isEqualTo(Balance.landed(1, 1, 0));
        send("scaled", v2, "{'amount': '\\u0005'}");
        assertThat(land(both, "scaled").outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(land(both, "scaled_2").balance()).isEqualTo(Balance.landed(1, 1, 0));
        assertThat(build(both, "scaled", "value.amount")).containsExactly("[0.01]", "[0.02]");
        assertThat(build(both, "scaled_2", "value.amount")).containsExactly("[0.0003]", "[0.0005]");

        send("scaled", v1, "{'amount': '\\u0006'}");
        assertThatThrownBy(() -> land(both, "scaled_2"))
                .hasMessageContaining("declare `raw.scaled_3: {landing: {kafka: {topics: [scaled], start: after"
                        + " raw.scaled_2}}}` beside it")
                .hasMessageContaining("With `format: bytes` it takes values of any schema.");
        Lake three = lake("scaled", old, next, raw("scaled", "raw.scaled_3", "after raw.scaled_2", "bytes"));
        assertThat(land(three, "scaled_2").outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(land(three, "scaled_3").balance()).isEqualTo(Balance.landed(1, 1, 0));
        assertThat(build(three, "scaled_3", "offset")).containsExactly("[4]");
    }

    @Test
    void readsFieldsThatDifferByCase() throws Exception {
        Lake lake = lake("cased", raw("cased", "earliest"));
        String inner =
                "{'name': 'in', 'type': {'type': 'record', 'name': 'In', 'fields': [{'name': 'aB', 'type': 'int'},"
                        + " {'name': 'ab', 'type': 'int'}]}}";
        int v1 = registry.add("cased-value", record("t.Event", "{'name': 'userId', 'type': 'string'}, " + inner));
        send("cased", v1, "{'userId': 'ana', 'in': {'aB': 1, 'ab': 2}}");
        land(lake, "cased");
        int v2 = registry.add("cased-value", record("t.Event", "{'name': 'userid', 'type': 'string'}, " + inner));
        send("cased", v2, "{'userid': 'bia', 'in': {'aB': 3, 'ab': 4}}");
        land(lake, "cased");

        assertThat(build(lake, "cased", "value.userid, value.`in`.ab, value.`in`.ab_2"))
                .containsExactly("[ana,1,2]", "[bia,3,4]");
        assertThat(hive(lake, "cased"))
                .anySatisfy(row -> assertThat(row).contains("\"userid\":\"ana\",\"in\":{\"ab\":1,\"ab_2\":2}"))
                .anySatisfy(row -> assertThat(row).contains("\"userid\":\"bia\",\"in\":{\"ab\":3,\"ab_2\":4}"));
        assertThat(local.metastore().getFields("cased_raw", "cased"))
                .extracting(column -> column.getType().toLowerCase(Locale.ROOT))
                .contains("struct<userid:string,in:struct<ab:int,ab_2:int>>");
    }

    /** The rows as Hive's reader gives them, as JSON. */
    private static List<String> hive(Lake lake, String raw) throws Exception {
        TableName table = TableName.parse("raw." + raw);
        String schema = lake.ledger(table).read().avroSchema().orElseThrow();
        JobConf job = new JobConf(lake.hadoop());
        job.set("avro.serde.schema", schema);
        Properties properties = new Properties();
        properties.setProperty("avro.schema.literal", schema);
        AvroSerDe serde = new AvroSerDe();
        serde.initialize(job, properties);
        List<String> rows = new ArrayList<>();
        for (CurrentPartition placed : lake.ledger(table).read().partitions()) {
            for (FileStatus file : lake.files()
                    .listStatus(new org.apache.hadoop.fs.Path(
                            lake.target().folder(table), placed.partition().path()))) {
                AvroGenericRecordReader records = new AvroGenericRecordReader(
                        job, new FileSplit(file.getPath(), 0, file.getLen(), (String[]) null), Reporter.NULL);
                AvroGenericRecordWritable row = records.createValue();
                while (records.next(NullWritable.get(), row)) {
                    rows.add(SerDeUtils.getJSONString(serde.deserialize(row), serde.getObjectInspector()));
                }
                records.close();
            }
        }
        return rows;
    }
}
