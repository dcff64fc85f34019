package dev.igarape.jobs.landing.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.kind.SourceProbe;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.Source;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Folders of dates, of which runs look into the newest. */
final class DateFoldersTest extends FilesLandingTestBase {
    private static final LocalDate NEWEST = LocalDate.parse("2024-12-31");
    private static final Clock NOON = Clock.fixed(Instant.parse("2024-12-31T12:00:00Z"), ZoneOffset.UTC);
    private static final DateTimeFormatter FOLDERS = DateTimeFormatter.ofPattern("yyyy/MM/dd");

    @BeforeAll
    static void count() {
        local.hadoop().set("fs.counting.impl", CountingFileSystem.class.getName());
    }

    @Test
    void aRunListsAsManyFoldersAfterAYearAsAfterAWeek() throws Exception {
        int week = listingsOfARunAfter(7);
        int year = listingsOfARunAfter(365);
        assertThat(year).isEqualTo(week).isLessThan(12);
    }

    private int listingsOfARunAfter(int days) throws Exception {
        open();
        for (int i = 0; i < days; i++) {
            write(NEWEST.minusDays(i).format(FOLDERS) + "/10/a.csv", "id\n1\n");
        }
        assertThat(land(folders(), NOON, List.of(), false).balance()).isEqualTo(Balance.landed(days, days, 0));
        write(NEWEST.format(FOLDERS) + "/11/b.csv", "id\n2\n");
        write(NEWEST.minusDays(2).format(FOLDERS) + "/11/late.csv", "id\n3\n");
        int before = CountingFileSystem.LISTINGS.get();
        assertThat(land(folders(), NOON, List.of(), false).balance()).isEqualTo(Balance.landed(2, 2, 0));
        int listings = CountingFileSystem.LISTINGS.get() - before;
        Lake lake = local.lake(prefix, Map.of(), Map.of(), Map.of(), NOON, Step.Listener.NONE, raw(folders()));
        try (SourceProbe probe = new FilesProbe(lake, raw(folders()), folders())) {
            SourceProbe.SourceState first = probe.state();
            int probed = CountingFileSystem.LISTINGS.get();
            assertThat(probe.state()).isEqualTo(first);
            assertThat(CountingFileSystem.LISTINGS.get() - probed).isEqualTo(listings);
            assertThat(first.files()).hasSize(5);
        }
        return listings;
    }

    @Test
    void whatComesIntoAnOldFolderIsFoundWithinADayOrWhenItsDateIsRun() throws Exception {
        write("2024/12/31/10/a.csv", "id\n1\n");
        write("2024/12/01/10/a.csv", "id\n1\n");
        land(folders(), NOON, List.of(), false);
        write("2024/12/02/10/asked.csv", "id\n2\n");
        write("2024/12/03/10/late.csv", "id\n3\n");
        assertThat(land(folders(), NOON, List.of(), false).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        List<LocalDate> dates = List.of(LocalDate.parse("2024-12-02"));
        assertThat(land(folders(), NOON, dates, false).balance()).isEqualTo(Balance.landed(1, 1, 0));
        assertThat(rows("raw", "prices")).contains("2024-12-02 asked.csv 2 {id=2}");
        Clock nextDay = Clock.offset(NOON, Duration.ofDays(1));
        assertThat(land(folders(), nextDay, List.of(), false).balance()).isEqualTo(Balance.landed(1, 1, 0));
        // Another path is looked into as a whole.
        write("2024/12/04/10/late.csv", "id\n4\n");
        Source.Files renamed = folders("{yyyy}/{MM}/{dd}/1?/*.csv");
        assertThat(land(renamed, nextDay, List.of(), false).balance()).isEqualTo(Balance.landed(1, 1, 0));
    }

    @Test
    void foldersOfTimesToComeDoNotHideThoseOfToday() throws Exception {
        write("2099/01/01/00/a.csv", "id\n1\n");
        write("2024/12/31/10/a.csv", "id\n1\n");
        land(folders(), NOON, List.of(), false);
        write("2024/12/30/10/b.csv", "id\n2\n");
        assertThat(land(folders(), NOON, List.of(), false).balance()).isEqualTo(Balance.landed(1, 1, 0));
    }

    @Test
    void namesSayTheDateWhereverItStands() throws Exception {
        write("hour=07/31.12.2024-x/a.csv", "id\n1\n");
        write("hour=7/31.12.2024-x/other.csv", "id\n1\n");
        write("hour=08/nothing.csv", "id\n1\n");
        Source.Files source = folders("hour={HH}/{dd}.{MM}.{yyyy}-[xy]/*.csv");
        assertThat(land(source, NOON, List.of(), false).balance()).isEqualTo(Balance.landed(1, 1, 0));
        assertThat(rows("raw", "prices")).containsExactly("2024-12-31 a.csv 2 {id=1}");
    }

    @Test
    void aFolderThatIsNoDateIsToldAndTheOthersLand() throws Exception {
        write("2024/12/30/10/a.csv", "id\n1\n");
        write("2024/13/45/10/a.csv", "id\n2\n");
        write("2024/13/45/10/b.csv", "id\n3\n");
        write("2024/_tmp/45/10/c.csv", "id\n4\n");
        assertThatThrownBy(() -> land(folders(), NOON, List.of(), false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("'2024-13-45' is no date, in ")
                .hasMessageContaining("/2024/13/45/10/a.csv. Rename or move away what is called so")
                .hasMessageContaining("The 1 other new file was landed.");
        assertThat(rows("raw", "prices")).containsExactly("2024-12-30 a.csv 2 {id=1}");
        Lake lake = local.lake(prefix, Map.of(), Map.of(), Map.of(), NOON, Step.Listener.NONE, raw(folders()));
        try (SourceProbe probe = new FilesProbe(lake, raw(folders()), folders())) {
            assertThat(probe.state().files()).hasSize(1);
        }
        write("2024/12/31/10/a.csv", "id\n5\n");
        int before = CountingFileSystem.LISTINGS.get();
        assertThatThrownBy(() -> land(folders(), NOON, List.of(), false))
                .hasMessageContaining("The 1 other new file was landed.");
        int all = CountingFileSystem.LISTINGS.get() - before;
        write("2024/11/01/10/a.csv", "id\n6\n");
        before = CountingFileSystem.LISTINGS.get();
        assertThatThrownBy(() -> land(folders(), NOON, List.of(), false)).hasMessageContaining("Cannot land 1 file");
        assertThat(CountingFileSystem.LISTINGS.get() - before).isEqualTo(all);
        Files.move(folder.resolve("2024/13"), folder.resolve("2024/11/02"));
        assertThat(land(folders(), NOON, List.of(), false).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void aClockThatWasAheadHidesNoFolder() throws Exception {
        write("2024/12/31/10/a.csv", "id\n1\n");
        land(folders(), Clock.offset(NOON, Duration.ofDays(3650)), List.of(), false);
        write("2024/12/01/10/late.csv", "id\n2\n");
        assertThat(land(folders(), NOON, List.of(), false).balance()).isEqualTo(Balance.landed(1, 1, 0));
        write("2024/12/02/10/late.csv", "id\n3\n");
        // The wrong moment is gone: this run looks into the newest folders alone.
        assertThat(land(folders(), NOON, List.of(), false).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadLandsInTheNextRun() throws Exception {
        Path replaced = write("2024/12/31/10/a.csv", "id\n1\n");
        write("2024/12/31/10/b.csv", "id\n2\n");
        Step.Listener replaces = step -> {
            if (step == Step.PLANNED) {
                try {
                    Files.writeString(replaced, "id\n1\n3\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        assertThatThrownBy(() -> land(folders(), replaces))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("a.csv changed while it was read")
                .hasMessageContaining("The 1 other new file was landed.");
        assertThat(rows("raw", "prices")).containsExactly("2024-12-31 b.csv 2 {id=2}");
        assertThat(land(folders()).balance()).isEqualTo(Balance.landed(2, 2, 0));
        assertThat(land(folders()).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    private Source.Files folders() {
        return folders("{yyyy}/{MM}/{dd}/{HH}/*.csv");
    }

    private Source.Files folders(String pattern) {
        return new Source.Files(
                "counting://" + folder + "/" + pattern,
                "csv",
                ",",
                List.of(),
                "UTF-8",
                Optional.empty(),
                Optional.empty());
    }
}
