package dev.igarape.cli.demo.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UsersTruthTest {
    /** Ana moves and is blocked; Bia has no number. */
    private static final UsersTruth TRUTH = new UsersTruth(new Listeners(
            List.of(
                    new User(1, "Ana", "Silva", "Engineer", "Portugal", "Blocked", at("2024-05-02T09:00")),
                    new User(1, "Ana", "Silva", "Engineer", "Brazil", "Active", at("2024-05-01T09:00")),
                    new User(2, "Bia", "Lima", "Teacher", "Brazil", "Idle", at("2024-05-01T09:00"))),
            Map.of(1L, "901-00-0001"),
            List.of(
                    new Play(1, "a", 1, "Cartola", 90_000, Instant.parse("2024-05-02T23:59:59Z")),
                    new Play(2, "b", 1, "Cartola", 90_000, Instant.parse("2024-05-02T00:00:00Z")),
                    new Play(2, "c", 2, "Cartola", 59_000, Instant.parse("2024-05-03T00:00:00Z")))));

    private static LocalDateTime at(String time) {
        return LocalDateTime.parse(time);
    }

    @Test
    void takesWhatWasToldLastWhateverCameLast() {
        assertThat(TRUTH.users())
                .containsExactly(
                        "1|Ana Silva|Engineer|Portugal|901-00-0001|mongo|2024-05-02 09:00:00|false",
                        "2|Bia Lima|Teacher|Brazil|null|mongo|2024-05-01 09:00:00|true");
        assertThat(TRUTH.byCountry()).containsExactly("Brazil|1|1|0", "Portugal|1|0|1");
    }

    @Test
    void countsPlaysByDay() {
        assertThat(TRUTH.music()).containsExactly("2024-05-02|Cartola|2|1|3", "2024-05-03|Cartola|1|1|0");
    }

    @Test
    void inventsWhatMakesTheTablesHard() {
        Listeners listeners = Listeners.of(11);
        assertThat(Listeners.of(11)).isEqualTo(listeners);
        assertThat(listeners.numbers()).hasSizeBetween(1, 29);
        // Somebody of whom the second day tells something else than the third, which comes before it.
        assertThat(listeners.told())
                .anyMatch(user -> user.at().toLocalDate().equals(Listeners.FIRST.plusDays(1))
                        && listeners.told().stream()
                                .anyMatch(later ->
                                        later.id() == user.id() && later.at().isAfter(user.at())));
        assertThat(listeners.plays()).extracting(Play::version).contains(1, 2);
    }
}
