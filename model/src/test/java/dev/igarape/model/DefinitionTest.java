package dev.igarape.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DefinitionTest {
    private static final Optional<Duration> FIVE_MINUTES = Optional.of(Duration.ofMinutes(5));

    @Test
    void dailyTablesArePartitionedByIntervalWhereTheyHaveOne() {
        assertThat(new Definition.Daily("SELECT 1", Optional.of("at"), FIVE_MINUTES).storage())
                .hasValue(new Storage(Storage.Format.PARQUET, List.of(Storage.INTERVAL)));
        assertThat(new Definition.Daily("SELECT 1", Optional.of("at"), Optional.empty()).storage())
                .hasValue(Storage.byDate(Storage.Format.PARQUET));
    }

    @Test
    void dailyTablesAreTimedWhereTheyNameAColumn() {
        assertThat(new Definition.Daily("SELECT 1").traits()).isEqualTo(Definition.Daily.TRAITS);
        assertThat(new Definition.Daily("SELECT 1", Optional.of("at"), Optional.empty()).traits())
                .contains(Trait.TIMED)
                .containsAll(Definition.Daily.TRAITS);
    }

    @Test
    void refusesIntervalsWithoutATime() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Definition.Daily("SELECT 1", Optional.empty(), FIVE_MINUTES))
                .withMessage("intervals of PT5M need a column of times");
    }

    @Test
    void refusesLookbacksOfDatesAndTimeAtOnce() {
        TableName table = TableName.parse("raw.clicks");
        assertThatIllegalArgumentException().isThrownBy(() -> new Input(table, 1, FIVE_MINUTES));
        assertThatIllegalArgumentException().isThrownBy(() -> new Input(table, 0, Optional.of(Duration.ZERO)));
    }
}
