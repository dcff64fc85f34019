package dev.igarape.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.model.job.MaintenanceAction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commits that a dead run has not published. */
final class RepairTest extends MaintenanceTestBase {
    @Test
    void repairPublishesWhatADeadRunHasCommitted() throws Exception {
        build("ana");
        user = "bia";
        run(lake(Step.Listener.NONE), List.of(RAW), true);
        assertThatThrownBy(() -> run(lake(Killed.at(Step.COMMITTED)), List.of(TRUSTED), false))
                .isInstanceOf(Killed.class);

        assertThat(repair(true)).extracting(MaintenanceAction::table).containsExactly(TRUSTED);
        assertThat(users()).containsExactly("ana");
        repair(false);

        assertThat(users()).containsExactly("bia");
        assertThat(repair(false)).isEmpty();
    }
}
