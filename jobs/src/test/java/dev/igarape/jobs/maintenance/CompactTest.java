package dev.igarape.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.Killed;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Dates of daily tables written anew in fewer files. */
final class CompactTest extends MaintenanceTestBase {
    @Test
    void compactsADateIntoFewerFilesAndNothingBecomesStale() throws Exception {
        build("ana");
        commitInFiles(8);
        run(lake(Step.Listener.NONE), List.of(GOLD), false);
        long head = ledger(TRUSTED).read().head();
        assertThat(compact(TRUSTED, true))
                .singleElement()
                .satisfies(action -> assertThat(action.files()).isEqualTo(8));
        assertThat(ledger(TRUSTED).read().head()).isEqualTo(head);
        List<String> plan = plan();

        assertThat(compact(TRUSTED, false)).hasSize(1);

        assertThat(ledger(TRUSTED).read().partitionsOf(DATE).get(0).partition().files())
                .isEqualTo(1);
        assertThat(read().count()).isEqualTo(800);
        assertThat(users()).contains("user 0", "user 799").doesNotHaveDuplicates();
        assertThat(plan()).isEqualTo(plan);
        assertThat(compact(TRUSTED, false)).isEmpty();
    }

    @Test
    void compactionGivesWayToABuildOfTheSameDate() throws Exception {
        build("ana");
        commitInFiles(8);
        AtomicInteger rounds = new AtomicInteger();
        Lake raced = lake(step -> {
            if (step == Step.WRITTEN && rounds.getAndIncrement() == 0) {
                try {
                    rollback(TRUSTED, Optional.of(1L), false);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try (Publisher publisher = raced.publisher()) {
            assertThat(new Compact(raced, publisher, local::spark).run(raced.table(TRUSTED), false))
                    .isEmpty();
        }
        assertThat(rounds).hasValue(1);
        assertThat(users()).containsExactly("ana");
    }

    @Test
    void compactionThatDiesAnywhereIsMadeUpForByTheNext() throws Exception {
        build("ana");
        for (Step step : Step.values()) {
            commitInFiles(2);
            Lake dying = lake(Killed.at(step));
            try (Publisher publisher = dying.publisher()) {
                assertThatThrownBy(() -> new Compact(dying, publisher, local::spark).run(dying.table(TRUSTED), false))
                        .as("at %s", step)
                        .isInstanceOf(Killed.class);
            }
            assertThat(users()).as("after dying at %s", step).hasSize(200).doesNotHaveDuplicates();
            compact(TRUSTED, false);
            assertThat(users()).as("again after %s", step).hasSize(200).doesNotHaveDuplicates();
            LedgerState state = ledger(TRUSTED).read();
            assertThat(state.partitionsOf(DATE).get(0).partition().files()).isEqualTo(1);
            try (Publisher publisher = dying.publisher()) {
                assertThat(publisher.isPublished(dying.table(TRUSTED), state))
                        .as("again after %s", step)
                        .isTrue();
            }
        }
    }
}
