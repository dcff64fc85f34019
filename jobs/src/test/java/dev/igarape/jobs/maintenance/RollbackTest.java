package dev.igarape.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.TableRunner;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Dates of tables put back to an older version. */
final class RollbackTest extends MaintenanceTestBase {
    @Test
    void rollbackShowsTheOlderVersionAndMakesItsReadersStale() throws Exception {
        build("ana");
        build("bia");
        assertThat(plan()).allMatch(line -> line.endsWith(" fresh []"));

        List<MaintenanceAction> actions = rollback(TRUSTED, Optional.empty(), false);

        assertThat(actions)
                .singleElement()
                .satisfies(action -> assertThat(action.what()).isEqualTo("rolled back from commit 2 to commit 1"));
        assertThat(users()).containsExactly("ana");
        assertThat(plan())
                .contains(
                        "gold.counts 2024-01-01 stale [trusted.events is to be built, trusted.events has commit 1 with"
                                + " 1 rows, trusted.events shows commit 2 no more]");
    }

    @Test
    void rollbackOfALandingMakesAllThatIsBuiltFromItStale() throws Exception {
        build("ana");
        build("bia");
        rollback(RAW, Optional.empty(), false);
        assertThat(plan()).noneMatch(line -> line.endsWith(" fresh []")).hasSize(2);

        try (TableRunner runner = runner(lake(Step.Listener.NONE))) {
            runner.runDue(List.of(TRUSTED, GOLD), Optional.empty(), BuildOverrides.NOTHING);
        }

        assertThat(users()).containsExactly("ana");
        assertThat(plan()).allMatch(line -> line.endsWith(" fresh []"));
    }

    @Test
    void rollbackGoesFurtherBackAndForthAgain() throws Exception {
        build("ana");
        build("bia");
        build("caio");
        rollback(TRUSTED, Optional.empty(), false);
        assertThat(users()).containsExactly("bia");
        rollback(TRUSTED, Optional.empty(), false);
        assertThat(users()).containsExactly("ana");
        assertThat(rollback(TRUSTED, Optional.of(1L), false)).isEmpty();
        rollback(TRUSTED, Optional.of(3L), false);
        assertThat(users()).containsExactly("caio");
        assertThatThrownBy(() -> rollback(RAW, Optional.of(9L), false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("commit 9 has no version of 2024-01-01");
    }

    @Test
    void thereIsNothingBeforeTheFirstVersion() throws Exception {
        build("ana");
        assertThatThrownBy(() -> rollback(TRUSTED, Optional.empty(), false))
                .hasMessageContaining("commit 1 is its first version");
    }

    @Test
    void aDryRollbackChangesNothing() throws Exception {
        build("ana");
        build("bia");
        assertThat(rollback(TRUSTED, Optional.empty(), true)).hasSize(1);
        assertThat(users()).containsExactly("bia");
        assertThat(ledger(TRUSTED).read().head()).isEqualTo(2);
    }

    @Test
    void rollbackSurvivesDeathAtEveryStep() throws Exception {
        List<String> versions = List.of("ana", "bia");
        build(versions.get(0));
        build(versions.get(1));
        int shown = 1;
        for (Step step : Step.values()) {
            int other = 1 - shown;
            Lake dying = lake(Killed.at(step));
            try (Publisher publisher = dying.publisher()) {
                Rollback rollback = new Rollback(dying, publisher);
                assertThatThrownBy(() -> rollback.run(dying.table(TRUSTED), DATE, Optional.of(other + 1L), false))
                        .isInstanceOf(Killed.class);
            }
            repair(false);
            if (step.compareTo(Step.COMMITTED) >= 0) {
                shown = other;
            }
            assertThat(users()).as("after dying at %s", step).containsExactly(versions.get(shown));
        }
    }

    @Test
    void rollbackDoesNotGoBackToWhatIsBeingDeleted() throws Exception {
        build("ana");
        build("bia");
        List<String> refusals = new java.util.ArrayList<>();
        Lake cleaning = lake(Clock.offset(Clock.systemUTC(), WEEK.plusHours(1)), step -> {
            // The ledger says what goes; the files are still there.
            if (step == Step.COMMITTED) {
                try {
                    rollback(TRUSTED, Optional.empty(), false);
                } catch (LakeException e) {
                    refusals.add(e.getMessage());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try (Publisher publisher = cleaning.publisher()) {
            assertThat(new Clean(cleaning, publisher, WEEK, TestingSpark.UNUSED).run(cleaning.table(TRUSTED), false))
                    .hasSize(1);
        }
        assertThat(refusals).singleElement().asString().contains("is gone");
        assertThat(users()).containsExactly("bia");
    }

    @Test
    void rollbackFindsTheVersionThatCompactionHasMoved() throws Exception {
        build("ana");
        commitInFiles(8);
        compact(TRUSTED, false);
        rollback(TRUSTED, Optional.empty(), false);
        assertThat(users()).containsExactly("ana");

        rollback(TRUSTED, Optional.of(2L), false);

        assertThat(read().count()).isEqualTo(800);
        assertThat(ledger(TRUSTED).read().partitionsOf(DATE).get(0).partition().files())
                .isEqualTo(1);
    }
}
