package dev.igarape.model.compile.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ColumnTypeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "string | string",
                "LONG | bigint",
                "Integer | int",
                "decimal | decimal(10,0)",
                "numeric( 12, 2 ) | decimal(12,2)",
                "array<struct<a: int, b string>> | array<struct<a:int,b:string>>",
                "map < string , array<date> > | map<string,array<date>>",
                "struct<at: TIMESTAMP_NTZ, seen: timestamp_ltz> | struct<at:timestamp_ntz,seen:timestamp>"
            })
    void bringsTypesToOneSpelling(String written, String normal) throws ColumnType.InvalidTypeException {
        assertThat(ColumnType.normalise(written)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "strng | 'strng' is no type (did you mean string?)",
                "varchar(10) | 'varchar' is no type",
                "timestmp | 'timestmp' is no type (did you mean timestamp?)",
                "int) OR (1 AS int | ')' follows the type int",
                "array<int | '>' is missing at its end",
                "map<string> | '>' stands where ',' belongs",
                "struct<> | '>' stands where a field's name belongs",
                "struct<a: int, A: int> | field 'a' is given twice",
                "decimal(39, 2) | decimal(39,2) is not within decimal(38,38)",
                "decimal(x) | 'x' stands where a small number belongs",
                "array | '<' is missing at its end"
            })
    void refusesOthers(String written, String reason) {
        assertThatThrownBy(() -> ColumnType.normalise(written)).hasMessage(reason);
    }

    @Test
    void refusesEndlessNests() {
        assertThatThrownBy(() -> ColumnType.normalise("array<".repeat(10_000))).hasMessageContaining("nests");
    }
}
