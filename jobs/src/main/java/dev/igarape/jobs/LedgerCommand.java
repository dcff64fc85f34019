package dev.igarape.jobs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.LedgerBackup;
import dev.igarape.jobs.maintenance.MaintenanceAction;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commands that back up and restore whole ledgers. */
abstract class LedgerCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions options;

    @Option(names = "--file", required = true, description = "the backup, a local path")
    private Path file;

    abstract List<MaintenanceAction> run(LedgerBackup backup, List<TableName> tables, Path path) throws IOException;

    @Override
    public Integer call() throws Exception {
        List<TableName> names = options.tables();
        Lake lake = options.open("ledger", Step.Listener.NONE);
        names.forEach(lake::table);
        List<Map<String, Object>> lines = run(new LedgerBackup(lake), names, file).stream()
                .map(MaintenanceAction::toMap)
                .toList();
        System.out.println(Json.mapper().writeValueAsString(Map.of("run_id", "ledger", "tables", lines)));
        return ExitCode.DONE.status();
    }

    /** {@code ledger-backup}. */
    @Command(name = "ledger-backup", description = "Writes ledgers into a file.")
    static final class OfBackup extends LedgerCommand {
        @Override
        List<MaintenanceAction> run(LedgerBackup backup, List<TableName> tables, Path path) throws IOException {
            return backup.backup(tables, path);
        }
    }

    /** {@code ledger-restore}. */
    @Command(name = "ledger-restore", description = "Puts back the commits that ledgers lack.")
    static final class OfRestore extends LedgerCommand {
        @Option(names = "--dry-run", description = "say what would be done, and do nothing")
        private boolean dryRun;

        @Override
        List<MaintenanceAction> run(LedgerBackup backup, List<TableName> tables, Path path) throws IOException {
            return backup.restore(tables, path, dryRun);
        }
    }
}
