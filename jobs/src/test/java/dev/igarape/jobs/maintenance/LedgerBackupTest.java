package dev.igarape.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ledgers in a backup file, and out of it again. */
final class LedgerBackupTest extends MaintenanceTestBase {
    @Test
    void aLedgerFromAnOlderBackupDecidesWhatIsShown() throws Exception {
        build("ana");
        Path file = local.folder().resolve(prefix + "ledgers.zip");
        Lake lake = lake(Step.Listener.NONE);
        new LedgerBackup(lake).backup(List.of(TRUSTED), file);
        build("bia");
        lose(TRUSTED, 1);
        lose(TRUSTED, 2);
        new LedgerBackup(lake).restore(List.of(TRUSTED), file, false);
        repair(false);
        assertThat(users()).containsExactly("ana");
    }

    @Test
    void aBackupPutsLostLedgersBackByteForByte() throws Exception {
        build("ana");
        build("bia");
        Path file = local.folder().resolve(prefix + "ledgers.zip");
        Lake lake = lake(Step.Listener.NONE);
        assertThat(new LedgerBackup(lake).backup(List.of(RAW, TRUSTED, GOLD), file))
                .extracting(MaintenanceAction::table)
                .containsExactly(GOLD, TRUSTED, RAW);
        byte[] second = ledger(TRUSTED).content(2);
        LedgerState before = ledger(TRUSTED).read();
        lose(TRUSTED, 2);

        assertThat(new LedgerBackup(lake).restore(List.of(TRUSTED), file, true)).hasSize(1);
        assertThat(ledger(TRUSTED).read().head()).isEqualTo(1);
        new LedgerBackup(lake).restore(List.of(RAW, TRUSTED, GOLD), file, false);

        assertThat(ledger(TRUSTED).content(2)).isEqualTo(second);
        assertThat(ledger(TRUSTED).read()).isEqualTo(before);
        assertThat(repair(false)).isEmpty();
        assertThat(new LedgerBackup(lake).restore(List.of(TRUSTED), file, false))
                .isEmpty();
    }

    @Test
    void aBackupDoesNotOverwriteALedgerThatHasGoneOn() throws Exception {
        build("ana");
        Path file = local.folder().resolve(prefix + "ledgers.zip");
        Lake lake = lake(Step.Listener.NONE);
        new LedgerBackup(lake).backup(List.of(RAW, TRUSTED), file);
        build("bia");
        lose(RAW, 1);
        lose(RAW, 2);
        assertThatThrownBy(() -> new LedgerBackup(lake).restore(List.of(RAW, TRUSTED), file, false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Refused to restore the ledger of trusted.events: it has 2 commits");
        assertThat(ledger(RAW).read().head()).isZero();
        new LedgerBackup(lake).restore(List.of(RAW), file, false);
        assertThat(ledger(RAW).read().head()).isEqualTo(1);
    }

    @Test
    void aDamagedBackupIsRefused() throws Exception {
        build("ana");
        Path file = local.folder().resolve(prefix + "ledgers.zip");
        Lake lake = lake(Step.Listener.NONE);
        new LedgerBackup(lake).backup(List.of(RAW), file);
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            Path entry = zip.getPath("raw.events/000000000001.json");
            Files.writeString(entry, Files.readString(entry).replace("2024-01-01", "2024-01-02"));
        }
        lose(RAW, 1);
        assertThatThrownBy(() -> new LedgerBackup(lake).restore(List.of(RAW), file, false))
                .hasMessageContaining("raw.events/000000000001.json is not what was backed up");
        assertThat(ledger(RAW).read().head()).isZero();
    }

    /** Deletes a commit as a broken disk would. */
    private void lose(TableName table, long sequence) throws IOException {
        String name = String.format("%012d.json", sequence);
        Files.delete(ledgerFolder(table).resolve(name));
        Files.deleteIfExists(ledgerFolder(table).resolve("." + name + ".crc"));
    }
}
