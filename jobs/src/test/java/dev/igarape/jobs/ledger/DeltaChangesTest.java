package dev.igarape.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.Json;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What changed since a version, by commits of which each changes what holds from a day of March on. */
final class DeltaChangesTest {
    private Optional<DeltaChanges> changes = Optional.empty();
    private Optional<DeltaVersion> last = Optional.empty();

    @Test
    void theFirstVersionChangesAll() {
        add(1, version("a", 1));
        assertThat(hasChanged(0, 1)).isTrue();
        assertThat(hasChanged(1, 31)).isFalse();
        assertThat(hasChanged(2, 1))
                .as("after a commit that the ledger does not have")
                .isTrue();
    }

    @Test
    void aCommitThatDoesNotSayFromWhenChangesAllDates() {
        add(1, version("a", 1));
        add(2, version("a", 2));
        assertThat(hasChanged(1, 1)).isTrue();
        assertThat(hasChanged(2, 31)).isFalse();
    }

    @Test
    void aCommitChangesDatesFromItsFirstOneOn() {
        add(1, version("a", 1));
        add(2, since("a", 2, 20));
        assertThat(hasChanged(1, 19)).isFalse();
        assertThat(hasChanged(1, 20)).isTrue();
        assertThat(hasChanged(1, 31)).isTrue();
        assertThat(changes.orElseThrow().haveChangedAfter(1)).isTrue();
        assertThat(changes.orElseThrow().haveChangedAfter(2)).isFalse();
    }

    @Test
    void theLastCommitOfEachReachCounts() {
        add(1, version("a", 1));
        add(2, since("a", 2, 10));
        add(3, since("a", 3, 25));
        add(4, since("a", 4, 20));
        assertThat(changes.orElseThrow().since()).containsOnlyKeys(day(10), day(20));
        assertThat(hasChanged(1, 10)).isTrue();
        assertThat(hasChanged(2, 19)).isFalse();
        assertThat(hasChanged(3, 24)).isTrue();
        assertThat(hasChanged(4, 31)).isFalse();
        add(5, since("a", 5, 1));
        assertThat(changes.orElseThrow().since()).containsOnlyKeys(day(1));
    }

    @Test
    void aCompactionAndAStepOfTheSameRowsChangeNothing() {
        add(1, version("a", 1));
        add(2, since("a", 2, 10));
        add(3, last.orElseThrow().at(7));
        add(4, version("a", 3).ofSameRows());
        assertThat(changes.orElseThrow().version()).isEqualTo(4);
        assertThat(changes.orElseThrow().haveChangedAfter(2)).isFalse();
        assertThat(changes.orElseThrow().haveChangedAfter(1)).isTrue();
    }

    @Test
    void anotherFolderChangesAll() {
        add(1, version("a", 1));
        add(2, since("a", 2, 10));
        add(3, new DeltaVersion("b", 0, 1, List.of(), Optional.of(day(30))));
        assertThat(hasChanged(2, 1)).isTrue();
        assertThat(changes.orElseThrow().since()).isEmpty();
    }

    @Test
    void isKeptInSnapshots() throws IOException {
        add(1, version("a", 1));
        add(2, since("a", 2, 10));
        String json = Json.mapper().writeValueAsString(changes.orElseThrow());
        assertThat(json).isEqualTo("{\"version\":2,\"any\":1,\"since\":{\"2024-03-10\":2}}");
        assertThat(Json.mapper().readValue(json, DeltaChanges.class)).isEqualTo(changes.orElseThrow());
    }

    private boolean hasChanged(long sequence, int day) {
        return changes.orElseThrow().haveChangedAfter(sequence, day(day));
    }

    private void add(long sequence, DeltaVersion version) {
        changes = Optional.of(DeltaChanges.with(changes, last, sequence, version));
        last = Optional.of(version);
    }

    private static DeltaVersion version(String folder, long transaction) {
        return new DeltaVersion(folder, transaction, transaction, List.of());
    }

    private static DeltaVersion since(String folder, long transaction, int day) {
        return new DeltaVersion(folder, transaction, transaction, List.of(), Optional.of(day(day)));
    }

    private static LocalDate day(int day) {
        return LocalDate.of(2024, 3, day);
    }
}
