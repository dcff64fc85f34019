package dev.igarape.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** apache/hive HIVE-13748: a type with such names is committed, and no reader can parse it. */
final class ReadableTypeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "struct<`user-id`: int> | field c.user-id needs a name of letters, digits and underscores",
                "array<struct<a: struct<`a.b`: int>>> | field c[].a.a.b needs a name of letters, digits and underscores",
                "map<string, struct<`a b`: int>> | field c{}.a b needs a name of letters, digits and underscores",
                "struct<`1a`: int> | field c.1a needs a name of letters, digits and underscores",
                "struct<``: int> | field c. needs a name of letters, digits and underscores",
                "struct<userId: int, userid: int> | field c.userid differs from another by case only",
                "struct<a: struct<>> | field c.a is a struct without fields",
                "struct<> | column c is a struct without fields",
                "interval day | column c is interval day, which Hive lacks",
                "struct<a: void> | field c.a is void, which Hive lacks"
            })
    void namesWhatHiveAndTrinoCannotHold(String type, String fault) {
        assertThat(ReadableType.faults("c", DataType.fromDDL(type)))
                .singleElement()
                .asString()
                .startsWith(fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "struct<userId: int, date: date, `select`: map<string, array<struct<_a1: string>>>>",
                "struct<interval: int, void: string>",
                "struct<`ação`: int>"
            })
    void takesOtherNamesThanTypesAndReservedWords(String type) {
        assertThat(ReadableType.faults("c", DataType.fromDDL(type))).isEmpty();
    }

    @Test
    void namesAllFaultsOfAColumn() {
        assertThat(ReadableType.faults("c", DataType.fromDDL("struct<`a-b`: int, `c-d`: void>")))
                .hasSize(3);
    }
}
