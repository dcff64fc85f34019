package dev.igarape.jobs.landing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which texts name a key. */
final class KeyRangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bigint | 1e3 | 1000",
                "int | -7 | -7",
                "decimal(20,2) | 1.5 | 1.50",
                "double | 1e-7 | 0.00000010",
                "date | 2024-01-15 | 2024-01-15",
                "string | abc | abc"
            })
    void aKeyIsAValueOfItsType(String type, String text, String key) {
        KeyRange range = new KeyRange("id", type, Optional.of(text), Optional.empty());
        assertThat(range.from()).contains(key);
        assertThat(range.to()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bigint | abc",
                "bigint | 9223372036854775808",
                "int | 1.5",
                "int | 1 OR 1=1",
                "decimal(5,2) | 1.234",
                "double | NaN",
                "date | 0000-00-00"
            })
    void whatIsNoValueOfItsTypeIsRefused(String type, String text) {
        assertThatThrownBy(() -> new KeyRange("id", type, Optional.empty(), Optional.of(text)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessage("Cannot compare keys from or to '" + text + "': the key id is of the type " + type
                        + ", which has no such value. Give one that it has.");
    }
}
