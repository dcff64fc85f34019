package dev.igarape.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DefinitionTest {
    private static final Optional<Duration> FIVE_MINUTES = Optional.of(Duration.ofMinutes(5));

    @Test
    void dailyTablesArePartitionedByIntervalWhereTheyHaveOne() {
        assertThat(new DailyDefinition("SELECT 1", Optional.of("at"), FIVE_MINUTES).storage())
                .hasValue(new Storage(Storage.Format.PARQUET, List.of(Storage.INTERVAL)));
        assertThat(new DailyDefinition("SELECT 1", Optional.of("at"), Optional.empty()).storage())
                .hasValue(Storage.byDate(Storage.Format.PARQUET));
    }

    @Test
    void dailyTablesAreTimedWhereTheyNameAColumn() {
        assertThat(new DailyDefinition("SELECT 1").traits()).isEqualTo(DailyDefinition.TRAITS);
        assertThat(new DailyDefinition("SELECT 1", Optional.of("at"), Optional.empty()).traits())
                .contains(Trait.TIMED)
                .containsAll(DailyDefinition.TRAITS);
    }

    @Test
    void refusesIntervalsWithoutATime() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DailyDefinition("SELECT 1", Optional.empty(), FIVE_MINUTES))
                .withMessage("intervals of PT5M need a column of times");
    }

    @Test
    void currentTablesHaveKeysAndASequence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> current(List.of(), List.of("at")))
                .withMessage("a current table has keys, and either sequence_by or cdc");
        assertThatIllegalArgumentException().isThrownBy(() -> current(List.of("id"), List.of()));
        assertThat(current(List.of("id"), List.of("at")).traits())
                .contains(Trait.KEYED, Trait.PLANNED, Trait.QUARANTINED)
                .doesNotContain(Trait.DATED);
    }

    private static Definition current(List<String> keys, List<String> sequenceBy) {
        return new CurrentDefinition("SELECT 1", keys, sequenceBy, Optional.empty(), true);
    }

    /** A step over whole dates costs more with each hour of the day. */
    @Test
    void theLiveServiceRunsWhatCostsAsMuchAsItsNewRows() {
        assertThat(isLive(current(List.of("id"), List.of("at")))).isTrue();
        assertThat(isLive(new DailyDefinition("SELECT 1", Optional.of("at"), FIVE_MINUTES)))
                .isTrue();
        assertThat(isLive(new DailyDefinition("SELECT 1"))).isFalse();
        assertThat(isLive(new ViewDefinition("SELECT 1"))).isFalse();
    }

    private static boolean isLive(Definition definition) {
        TableName name = TableName.parse("trusted.x");
        return new Table(name, "", definition, Map.of(), List.of(), List.of(), "forever", "00ff").isLive();
    }

    @Test
    void refusesLookbacksOfDatesAndTimeAtOnce() {
        TableName table = TableName.parse("raw.clicks");
        assertThatIllegalArgumentException().isThrownBy(() -> new Input(table, 1, FIVE_MINUTES));
        assertThatIllegalArgumentException().isThrownBy(() -> new Input(table, 0, Optional.of(Duration.ZERO)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Input(table, 1, Optional.empty(), Optional.of(Refresh.NEVER)));
    }
}
