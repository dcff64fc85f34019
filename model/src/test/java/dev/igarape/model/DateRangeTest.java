package dev.igarape.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.LocalDate;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DateRangeTest {
    @Test
    void takesOneDate() {
        DateRange range = parse("2024-02-29", null, null);
        assertThat(range.dates()).containsExactly(LocalDate.of(2024, 2, 29));
        assertThat(range.to()).isEqualTo(LocalDate.of(2024, 3, 1));
    }

    @Test
    void leavesOutTheEndOfARange() {
        DateRange range = parse(null, "2024-01-30", "2024-02-02");
        assertThat(range.dates())
                .extracting(LocalDate::toString)
                .containsExactly("2024-01-30", "2024-01-31", "2024-02-01");
        assertThat(range.contains(LocalDate.of(2024, 2, 1))).isTrue();
        assertThat(range.contains(LocalDate.of(2024, 2, 2))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-30",
                "2023-02-29",
                "2024-13-01",
                "2024-1-1",
                "20240101",
                " 2024-01-01",
                "2024-01-01\n",
                "+2024-01-01",
                "'2024-01-01'",
                "2024-01-01'; DROP TABLE x",
                "$(reboot)",
                "today",
                "٢٠٢٤-٠١-٠١"
            })
    void refusesWhatIsNoDate(String text) {
        assertUsage(() -> parse(text, null, null))
                .hasMessageStartingWith("--date '")
                .hasMessageContaining("as in 2024-01-31");
    }

    @Test
    void refusesAnEmptyDate() {
        assertUsage(() -> parse("", null, null)).hasMessage("--date is empty. Write a date as in 2024-01-31.");
    }

    @Test
    void refusesAnEmptyRange() {
        assertUsage(() -> parse(null, "2024-01-02", "2024-01-02")).hasMessageContaining("half-open");
    }

    @Test
    void refusesOtherCombinations() {
        assertUsage(() -> parse("2024-01-01", "2024-01-01", null)).hasMessageContaining("does not go with");
        assertUsage(() -> parse(null, "2024-01-01", null)).hasMessageContaining("--from came without --to");
        assertUsage(() -> parse(null, null, "2024-01-01")).hasMessageContaining("--to came without --from");
        assertUsage(() -> parse(null, null, null)).hasMessageContaining("No date was given");
    }

    private static DateRange parse(String date, String from, String to) {
        return DateRange.parse(Optional.ofNullable(date), Optional.ofNullable(from), Optional.ofNullable(to));
    }

    private static AbstractThrowableAssert<?, ?> assertUsage(ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(InstanceOfAssertFactories.type(LakeException.class))
                .extracting(LakeException::exitCode)
                .isEqualTo(ExitCode.USAGE);
        return assertThatThrownBy(call);
    }
}
