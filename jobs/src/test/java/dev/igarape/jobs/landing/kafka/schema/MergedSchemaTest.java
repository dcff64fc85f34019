package dev.igarape.jobs.landing.kafka.schema;

import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.parse;
import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.record;
import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.reread;
import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

/** Fields of several writers in one schema that reads them all. */
final class MergedSchemaTest {
    @Test
    void keepsDroppedFieldsAndMakesBothSidesOptional() throws IOException {
        Schema older = schema(fields -> fields.requiredInt("id").requiredString("note"));
        Schema newer = schema(fields -> fields.requiredInt("id").requiredString("channel"));

        Schema merged = MergedSchema.of(List.of(newer, older));

        assertThat(merged.getFields().stream().map(Schema.Field::name)).containsExactly("id", "channel", "note");
        assertThat(reread(record(older, 1, "late"), merged)).hasToString("""
                {"id": 1, "channel": null, "note": "late"}""");
        assertThat(reread(record(newer, 2, "web"), merged)).hasToString("""
                {"id": 2, "channel": "web", "note": null}""");
    }

    @Test
    void widensWhicheverSideIsNarrower() throws IOException {
        Schema narrow = schema(fields -> fields.requiredInt("amount"));
        Schema wide = schema(fields -> fields.requiredLong("amount"));

        assertThat(MergedSchema.of(List.of(wide, narrow))).isEqualTo(wide);
        assertThat(MergedSchema.of(List.of(narrow, wide))).isEqualTo(wide);
        assertThat(reread(record(narrow, 7), MergedSchema.of(List.of(narrow, wide)))
                        .get("amount"))
                .isEqualTo(7L);
    }

    @Test
    void takesARenamedFieldOverByItsAlias() throws IOException {
        Schema older = schema(fields -> fields.requiredString("customer"));
        Schema newer = schema(fields ->
                fields.name("client").aliases("customer").type().stringType().noDefault());

        Schema merged = MergedSchema.of(List.of(newer, older));

        assertThat(merged.getFields()).hasSize(1);
        assertThat(reread(record(older, "ana"), merged)).hasToString("{\"client\": \"ana\"}");
    }

    @Test
    void remembersAnAliasThatALaterSchemaLeavesOut() throws IOException {
        Schema first = schema(fields -> fields.requiredString("customer"));
        Schema second = schema(fields ->
                fields.name("client").aliases("customer").type().stringType().noDefault());
        Schema third = schema(fields -> fields.requiredString("client"));

        Schema merged = MergedSchema.of(List.of(third, MergedSchema.of(List.of(second, first))));

        assertThat(reread(record(first, "ana"), merged)).hasToString("{\"client\": \"ana\"}");
    }

    @Test
    void staysOptionalOnceAWriterLackedTheField() throws IOException {
        Schema first = schema(fields -> fields.requiredInt("id"));
        Schema second = schema(fields -> fields.requiredInt("id").requiredString("note"));

        Schema merged = MergedSchema.of(List.of(second, MergedSchema.of(List.of(second, first))));

        assertThat(reread(record(first, 1), merged)).hasToString("{\"id\": 1, \"note\": null}");
        assertThat(reread(record(second, 1, "x"), merged)).hasToString("{\"id\": 1, \"note\": \"x\"}");
    }

    @Test
    void readsEverySymbolOfAnEnum() throws IOException {
        Schema older = schema(fields -> fields.name("state")
                .type()
                .enumeration("state")
                .symbols("OPEN", "LOST")
                .noDefault());
        Schema newer = schema(fields -> fields.name("state")
                .type()
                .enumeration("state")
                .symbols("OPEN", "PAID")
                .noDefault());

        Schema merged = MergedSchema.of(List.of(newer, older));

        Schema states = older.getField("state").schema();
        assertThat(reread(record(older, new GenericData.EnumSymbol(states, "LOST")), merged))
                .hasToString("{\"state\": \"LOST\"}");
        assertThat(merged.getField("state").schema().getEnumSymbols()).containsExactly("OPEN", "PAID", "LOST");
    }

    @Test
    void mergesNestedRecordsAndNullability() throws IOException {
        Schema older = schema(fields -> fields.name("address")
                .type()
                .record("address")
                .fields()
                .requiredString("street")
                .endRecord()
                .noDefault());
        Schema newer = schema(fields -> fields.name("address")
                .type()
                .optional()
                .record("address")
                .fields()
                .requiredString("street")
                .requiredInt("number")
                .endRecord());

        Schema merged = MergedSchema.of(List.of(newer, older));

        Schema address = older.getField("address").schema();
        assertThat(reread(record(older, record(address, "Rua A")), merged))
                .hasToString("{\"address\": {\"street\": \"Rua A\", \"number\": null}}");
        assertThat(reread(record(newer, (Object) null), merged)).hasToString("{\"address\": null}");
    }

    /** apache/hudi#6849: `Can't redefine: t.Address`. */
    @Test
    void definesATypeOnceThatTwoFieldsShare() throws IOException {
        Schema older = parse("t.Order", """
                {'name': 'billing', 'type': {'type': 'record', 'name': 'Address', 'fields': [
                    {'name': 'street', 'type': 'string'}]}},
                {'name': 'shipping', 'type': 'Address'}""");
        Schema newer = parse("t.Order", """
                {'name': 'billing', 'type': {'type': 'record', 'name': 'Address', 'fields': [
                    {'name': 'street', 'type': 'string'}, {'name': 'zip', 'type': 'string'}]}}""");

        Schema merged =
                new Schema.Parser().parse(MergedSchema.of(List.of(newer, older)).toString());

        Schema address = older.getField("billing").schema();
        assertThat(reread(record(older, record(address, "Rua A"), record(address, "Rua B")), merged))
                .hasToString("""
                        {"billing": {"street": "Rua A", "zip": null}, "shipping": {"street": "Rua B", "zip": null}}""");
        Schema zipped = newer.getField("billing").schema();
        assertThat(reread(record(newer, record(zipped, "Rua A", "01")), merged))
                .hasToString("{\"billing\": {\"street\": \"Rua A\", \"zip\": \"01\"}, \"shipping\": null}");
    }

    @Test
    void mergesDebeziumsValueBeforeAndAfter() throws IOException {
        String envelope = """
                {'name': 'before', 'type': ['null', {'type': 'record', 'name': 'Value', 'fields': [%s]}], 'default': null},
                {'name': 'after', 'type': ['null', 'Value'], 'default': null}""";
        Schema older = parse(
                "db.Envelope", envelope.formatted("{'name': 'id', 'type': 'int'}, {'name': 'old', 'type': 'int'}"));
        Schema newer = parse("db.Envelope", envelope.formatted("{'name': 'id', 'type': 'long'}"));

        Schema merged = MergedSchema.of(List.of(newer, older));

        assertThat(new Schema.Parser().parse(merged.toString())).isEqualTo(merged);
        Schema value = older.getField("after").schema().getTypes().get(1);
        assertThat(reread(record(older, null, record(value, 1, 2)), merged))
                .hasToString("{\"before\": null, \"after\": {\"id\": 1, \"old\": 2}}");
    }

    @Test
    void keepsADefaultWhoseTypeHasGrown() throws IOException {
        String field = "{'name': 'to', 'type': {'type': 'record', 'name': 'Address', 'fields': [%s]},"
                + " 'default': {'street': '-'}}";
        Schema first = parse("t.Order", "");
        Schema second = parse("t.Order", field.formatted("{'name': 'street', 'type': 'string'}"));
        Schema third = parse(
                "t.Order",
                field.formatted("{'name': 'street', 'type': 'string'}, {'name': 'n', 'type': 'int', 'default': 7}"));

        Schema merged = MergedSchema.of(List.of(third, second, first));

        assertThat(reread(record(first), merged)).hasToString("{\"to\": {\"street\": \"-\", \"n\": 7}}");
    }

    /** Fields that differ by case: one column where one follows the other, two where a record has both. */
    @Test
    void givesFieldsThatDifferByCaseNamesThatDiffer() throws IOException {
        Schema first = schema(fields -> fields.requiredString("userId"));
        Schema second = schema(fields -> fields.requiredString("userid"));
        Schema both = schema(fields -> fields.requiredString("userid").requiredString("userId"));

        Schema one = MergedSchema.of(List.of(second, first));
        assertThat(reread(record(first, "ana"), one)).hasToString("{\"userId\": \"ana\"}");
        assertThat(reread(record(second, "ana"), one)).hasToString("{\"userId\": \"ana\"}");

        Schema alone = MergedSchema.of(List.of(both));
        assertThat(reread(record(both, "ana", "bia"), alone))
                .hasToString("{\"userid\": \"ana\", \"userId_2\": \"bia\"}");
        Schema again = MergedSchema.of(
                List.of(schema(fields -> fields.requiredString("userId").requiredString("userid")), alone));
        assertThat(reread(record(both, "ana", "bia"), again))
                .hasToString("{\"userId_2\": \"bia\", \"userid\": \"ana\"}");
        assertThat(reread(record(first, "bia"), MergedSchema.of(List.of(first, again))))
                .hasToString("{\"userId_2\": \"bia\", \"userid\": null}");
    }

    /** Values that were read as one column would move to another, or become unreadable. */
    @Test
    void refusesANameThatAColumnHasForAFurtherOne() throws IOException {
        Schema first = schema(fields -> fields.requiredString("a"));
        Schema renamed = schema(
                fields -> fields.name("b").aliases("a").type().stringType().noDefault());
        Schema both = schema(
                fields -> fields.name("b").type().stringType().noDefault().optionalString("a"));
        Schema merged = MergedSchema.of(List.of(renamed, first));
        assertThat(reread(record(first, "ana"), merged)).hasToString("{\"b\": \"ana\"}");
        for (List<Schema> writers : List.of(List.of(both, merged), List.of(both, renamed, first))) {
            assertThatThrownBy(() -> MergedSchema.of(writers))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("field a of ")
                    .hasMessageContaining("another name of a field beside it");
        }
        Schema cases = MergedSchema.of(List.of(
                schema(fields -> fields.requiredString("userid")), schema(fields -> fields.requiredString("userId"))));
        Schema apart = schema(fields -> fields.requiredString("userId").requiredString("userid"));
        assertThatThrownBy(() -> MergedSchema.of(List.of(apart, cases))).hasMessageContaining("field userid of ");
    }

    @Test
    void leavesOutWhatIsAlwaysNullAndKeepsARecordWithoutFields() throws IOException {
        Schema ping = parse("t.Ping", "{'name': 'nothing', 'type': 'null'}");

        assertThat(reread(record(ping, (Object) null), MergedSchema.of(List.of(ping))))
                .hasToString("{\"no_fields\": null}");
    }
}
