package dev.igarape.jobs.landing.kafka.schema;

import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.parse;
import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two types of one field: one that holds both exactly, or none. */
final class MergedTypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int, date                  | int                       | int",
                "long, timestamp-millis     | long                      | long",
                "long, timestamp-millis     | int                       | long",
                "long, timestamp-millis     | long, timestamp-millis    | long, timestamp-millis",
                "int, date                  | long                      | long",
                "string, uuid               | string                    | string",
                "bytes, decimal, 9, 2       | bytes, decimal, 12, 2     | bytes, decimal, 12, 2",
                "bytes, decimal, 9, 2       | bytes                     | bytes",
                "string                     | bytes                     | bytes",
                "int                        | float                     | double",
                "int                        | double                    | double",
                "float                      | double                    | double"
            })
    void readsAsOneTypeWhatItHoldsExactly(String one, String other, String merged) {
        Schema both = MergedSchema.of(List.of(typed(one), typed(other)));

        assertThat(MergedSchema.of(List.of(typed(other), typed(one)))).isEqualTo(both);
        Schema type = both.getField("a").schema();
        assertThat(type.getType())
                .isEqualTo(typed(merged).getField("a").schema().getType());
        assertThat(type.getLogicalType())
                .isEqualTo(typed(merged).getField("a").schema().getLogicalType());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bytes, decimal, 9, 2       | bytes, decimal, 12, 4",
                "bytes, decimal, 9, 2       | string",
                "long, timestamp-millis     | long, timestamp-micros",
                "long, timestamp-millis     | long, local-timestamp-millis",
                "long, timestamp-micros     | long, timestamp-nanos",
                "int, date                  | long, timestamp-millis",
                "int, time-millis           | long, time-micros",
                "int, date                  | string",
                "long                       | double",
                "long                       | float",
                "int                        | string",
                "boolean                    | int"
            })
    void refusesTypesThatNoneHoldsExactly(String one, String other) {
        for (List<Schema> writers : List.of(List.of(typed(one), typed(other)), List.of(typed(other), typed(one)))) {
            assertThatThrownBy(() -> MergedSchema.of(writers))
                    .isInstanceOf(LakeException.class)
                    .hasMessageStartingWith("Two schemas can't be read as one table: the value.a is ")
                    .hasMessageEndingWith(" in another, and no type holds both exactly.");
        }
    }

    @Test
    void doesNotMixTwoMeaningsBehindABareType() {
        Schema bare = MergedSchema.of(List.of(typed("long"), typed("long, timestamp-millis")));

        assertThat(MergedSchema.of(List.of(typed("long, timestamp-millis"), bare)))
                .isEqualTo(bare);
        assertThatThrownBy(() -> MergedSchema.of(List.of(typed("long, timestamp-micros"), bare)))
                .isInstanceOf(LakeException.class);
    }

    /** A record with one field {@code a}: type, logical type, precision, scale. */
    private static Schema typed(String type) {
        String[] parts = type.split(", ");
        String logical = parts.length > 1 ? ", 'logicalType': '" + parts[1] + "'" : "";
        String decimal = parts.length > 2 ? ", 'precision': " + parts[2] + ", 'scale': " + parts[3] : "";
        return parse("t.One", "{'name': 'a', 'type': {'type': '" + parts[0] + "'" + logical + decimal + "}}");
    }

    @Test
    void refusesTypesThatNothingReadsAlike() {
        Schema older = schema(fields -> fields.requiredInt("amount"));
        Schema newer = schema(fields -> fields.requiredString("amount"));

        assertThatThrownBy(() -> MergedSchema.of(List.of(newer, older)))
                .isInstanceOf(LakeException.class)
                .hasMessage(
                        "Two schemas can't be read as one table: the value.amount is \"string\" in one and \"int\" in"
                                + " another, and no type holds both exactly.");
    }
}
