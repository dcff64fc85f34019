package dev.igarape.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.schema.SchemaChange.ChangeType;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class SchemaDiffTest {
    private static final String ID = "{'name': 'id', 'type': 'int'}";

    @Test
    void findsNothingWhereOnlyDocumentationDiffers() {
        assertThat(diff("{'name': 'id', 'type': 'int', 'doc': 'new'}", "{'name': 'id', 'type': 'int', 'doc': 'old'}"))
                .isEmpty();
    }

    @Test
    void tellsAddedAndDroppedFieldsWithTypeAndDefault() {
        assertThat(diff(
                        ID + ", {'name': 'note', 'type': ['null', 'string'], 'default': null}",
                        ID + ", {'name': 'at', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}}"))
                .containsExactly(
                        new SchemaChange(ChangeType.ADDED, "note", "", "null or string, default null"),
                        new SchemaChange(ChangeType.DROPPED, "at", "timestamp-millis", ""));
    }

    @Test
    void followsAnAliasToTheOldName() {
        assertThat(diff(
                        "{'name': 'client', 'type': 'string', 'aliases': ['customer']}",
                        "{'name': 'customer', 'type': 'string'}"))
                .containsExactly(new SchemaChange(ChangeType.RENAMED, "client", "customer", "client"));
        assertThat(diff("{'name': 'client', 'type': 'string'}", "{'name': 'customer', 'type': 'string'}"))
                .extracting(SchemaChange::type)
                .containsExactly(ChangeType.ADDED, ChangeType.DROPPED);
    }

    @Test
    void tellsTypesThatReadTheOldOnesFromThoseThatDoNot() {
        assertThat(diff("{'name': 'id', 'type': 'long'}", ID))
                .containsExactly(new SchemaChange(ChangeType.WIDENED, "id", "int", "long"));
        assertThat(diff(ID, "{'name': 'id', 'type': 'long'}"))
                .containsExactly(new SchemaChange(ChangeType.CHANGED, "id", "long", "int"));
        assertThat(diff("{'name': 'id', 'type': 'string'}", ID))
                .containsExactly(new SchemaChange(ChangeType.CHANGED, "id", "int", "string"));
        assertThat(diff("{'name': 'id', 'type': {'type': 'int', 'logicalType': 'date'}}", ID))
                .containsExactly(new SchemaChange(ChangeType.CHANGED, "id", "int", "date"));
    }

    @Test
    void tellsNullabilityApartFromTheType() {
        assertThat(diff("{'name': 'id', 'type': ['null', 'long']}", ID))
                .containsExactly(
                        new SchemaChange(ChangeType.WIDENED, "id", "required", "nullable"),
                        new SchemaChange(ChangeType.WIDENED, "id", "int", "long"));
        assertThat(diff(ID, "{'name': 'id', 'type': ['null', 'int']}"))
                .containsExactly(new SchemaChange(ChangeType.CHANGED, "id", "nullable", "required"));
    }

    @Test
    void tellsDefaults() {
        assertThat(diff("{'name': 'id', 'type': 'int', 'default': 7}", ID))
                .containsExactly(new SchemaChange(ChangeType.DEFAULT, "id", "none", "7"));
        assertThat(diff(
                        "{'name': 'note', 'type': 'string', 'default': 'b'}",
                        "{'name': 'note', 'type': 'string', 'default': 'a'}"))
                .containsExactly(new SchemaChange(ChangeType.DEFAULT, "note", "\"a\"", "\"b\""));
    }

    @Test
    void looksIntoRecordsListsMapsAndEnums() {
        String newer = "{'name': 'stops', 'type': {'type': 'array', 'items': {'type': 'record', 'name': 'stop',"
                + " 'fields': [{'name': 'zip', 'type': 'string'}]}}},"
                + "{'name': 'tags', 'type': {'type': 'map', 'values': 'double'}},"
                + "{'name': 'state', 'type': {'type': 'enum', 'name': 'state', 'symbols': ['OPEN', 'PAID']}}";
        String older = "{'name': 'stops', 'type': {'type': 'array', 'items': {'type': 'record', 'name': 'stop',"
                + " 'fields': []}}},"
                + "{'name': 'tags', 'type': {'type': 'map', 'values': 'float'}},"
                + "{'name': 'state', 'type': {'type': 'enum', 'name': 'state', 'symbols': ['OPEN', 'LOST']}}";
        assertThat(diff(newer, older))
                .containsExactly(
                        new SchemaChange(ChangeType.ADDED, "stops[].zip", "", "string"),
                        new SchemaChange(ChangeType.WIDENED, "tags{}", "float", "double"),
                        new SchemaChange(ChangeType.ADDED, "state", "", "symbol PAID"),
                        new SchemaChange(ChangeType.DROPPED, "state", "symbol LOST", ""));
    }

    @Test
    void endsOnARecordThatContainsItself() {
        String next = "{'name': 'next', 'type': ['null', 'order'], 'default': null}";
        assertThat(diff(next + ", " + ID, next)).containsExactly(new SchemaChange(ChangeType.ADDED, "id", "", "int"));
    }

    private static List<SchemaChange> diff(String newer, String older) {
        return SchemaDiff.of(schema(newer), schema(older));
    }

    private static Schema schema(String fields) {
        String json = "{'type': 'record', 'name': 'order', 'fields': [" + fields + "]}";
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }
}
