package dev.igarape.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dates that expire, and files that are deleted once nothing shows them. */
final class RetentionTest extends MaintenanceTestBase {
    @Test
    void givesUpDatesWhoseTimeIsUpAndKeepsWhatWasBuiltFromThem() throws Exception {
        build("ana");
        assertThat(expire(WEEK.minusHours(1), false)).isEmpty();
        assertThat(expire(WEEK.plusHours(1), true)).hasSize(1);
        assertThat(local.partitions(prefix + "raw", "events").get(0).getSd().getLocation())
                .doesNotEndWith("/empty");

        assertThat(expire(WEEK.plusHours(1), false))
                .singleElement()
                .satisfies(action -> assertThat(action.what()).isEqualTo("expired after 7 days"));

        assertThat(local.partitions(prefix + "raw", "events").get(0).getSd().getLocation())
                .endsWith("/empty");
        assertThat(expire(WEEK.plusHours(1), false)).isEmpty();
        assertThat(run(lake(Step.Listener.NONE), List.of(TRUSTED), false))
                .singleElement()
                .satisfies(run -> assertThat(run.outcome()).isEqualTo(TableRun.Outcome.UNCHANGED));
        assertThat(users()).containsExactly("ana");
    }

    @Test
    void aDateThatWasFetchedAgainIsNoLongerExpired() throws Exception {
        build("ana");
        expire(WEEK.plusHours(1), false);
        build("bia");
        assertThat(users()).containsExactly("bia");
    }

    @Test
    void cleansOldVersionsAndWhatDeadRunsLeft() throws Exception {
        build("ana");
        user = "bia";
        run(lake(Step.Listener.NONE), List.of(RAW), true);
        assertThatThrownBy(() -> run(lake(Killed.at(Step.WRITTEN)), List.of(TRUSTED), false))
                .isInstanceOf(Killed.class);
        assertThatThrownBy(() -> run(lake(Killed.at(Step.PREPARED)), List.of(TRUSTED), false))
                .isInstanceOf(Killed.class);
        run(lake(Step.Listener.NONE), List.of(TRUSTED), false);
        assertThat(folders(TRUSTED)).hasSize(4);

        assertThat(clean(TRUSTED, WEEK.minusHours(1), false)).isEmpty();
        assertThat(clean(TRUSTED, WEEK.plusHours(1), true)).hasSize(3);
        assertThat(folders(TRUSTED)).hasSize(4);
        assertThat(clean(TRUSTED, WEEK.plusHours(1), false)).hasSize(3);

        assertThat(folders(TRUSTED)).hasSize(1);
        assertThat(users()).containsExactly("bia");
        try (Stream<Path> files = Files.list(ledgerFolder(TRUSTED))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("_tmp-"));
        }
        assertThatThrownBy(() -> rollback(TRUSTED, Optional.empty(), false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("is gone");
        assertThat(clean(TRUSTED, WEEK.plusHours(1), false)).isEmpty();
    }

    @Test
    void dropsPartitionsThatHaveBeenEmptyForLong() throws Exception {
        build("ana");
        expire(WEEK.plusHours(1), false);
        clean(RAW, WEEK.multipliedBy(2), false);
        assertThat(local.partitions(prefix + "raw", "events")).hasSize(1);

        clean(RAW, WEEK.multipliedBy(3), false);

        assertThat(local.partitions(prefix + "raw", "events")).isEmpty();
        assertThat(folders(RAW)).isEmpty();
        assertThat(users()).containsExactly("ana");
    }

    @Test
    void aRunThatStoodStillForLongerThanFilesAreKeptCommitsNothing() throws Exception {
        build("ana");
        user = "bia";
        run(lake(Step.Listener.NONE), List.of(RAW), true);
        Lake stalling = lake(step -> {
            if (step == Step.WRITTEN) {
                try {
                    clean(TRUSTED, WEEK.plusHours(1), false);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertThatThrownBy(() -> run(stalling, List.of(TRUSTED), false)).hasMessageContaining("cleaned away by commit");
        assertThat(users()).containsExactly("ana");
        run(lake(Step.Listener.NONE), List.of(TRUSTED), false);
        assertThat(users()).containsExactly("bia");
    }

    @Test
    void aFetchThatWasOvertakenAndCleanedAwayCommitsNothing() throws Exception {
        build("ana");
        user = "caio";
        AtomicInteger rounds = new AtomicInteger();
        Lake stalling = lake(step -> {
            if (step == Step.WRITTEN && rounds.getAndIncrement() == 0) {
                try {
                    build("bia");
                    clean(RAW, WEEK.plusHours(1), false);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertThatThrownBy(() -> run(stalling, List.of(RAW), true)).hasMessageContaining("cleaned away by commit");
        assertThat(users()).containsExactly("bia");
        assertThat(plan()).allMatch(line -> line.endsWith(" fresh []"));
    }

    @Test
    void aDateWhoseInputExpiredBeforeItWasBuiltIsNotBuiltOfNothing() throws Exception {
        user = "ana";
        run(lake(Step.Listener.NONE), List.of(RAW), false);
        expire(WEEK.plusHours(1), false);
        assertThatThrownBy(() -> run(lake(Step.Listener.NONE), List.of(TRUSTED), false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("raw.events has given up rows of it, for retention has removed it");
    }

    private List<MaintenanceAction> expire(Duration later, boolean dryRun) throws Exception {
        Lake lake = lake(Clock.offset(Clock.systemUTC(), later), Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            return new Expiry(lake, publisher).run(lake.table(RAW), dryRun);
        }
    }

    private List<MaintenanceAction> clean(TableName table, Duration later, boolean dryRun) throws Exception {
        Lake lake = lake(Clock.offset(Clock.systemUTC(), later), Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            return new Clean(lake, publisher, WEEK, TestingSpark.UNUSED).run(lake.table(table), dryRun);
        }
    }

    private List<Path> folders(TableName table) throws Exception {
        Path root = Path.of(URI.create(lake(Step.Listener.NONE).target().folder(table)));
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(child -> child.getFileName().toString().matches("[0-9].*"))
                    .toList();
        }
    }
}
