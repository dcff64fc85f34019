package dev.igarape.jobs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.LedgerBackup;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that backs up or restores ledgers; prints a {@link JobResult} of {@link MaintenanceAction}s. */
abstract class LedgerCommand implements Callable<Integer> {
    private static final String RUN = "ledger";

    @Mixin
    private LakeOptions options;

    @Option(names = JobOption.FILE, required = true, description = "the backup, a local path")
    private Path file;

    abstract List<MaintenanceAction> run(LedgerBackup backup, List<TableName> tables, Path path) throws IOException;

    @Override
    public Integer call() throws Exception {
        List<TableName> names = options.tables();
        Lake lake = options.open(RUN, Step.Listener.NONE);
        names.forEach(lake::table);
        List<MaintenanceAction> actions = run(new LedgerBackup(lake), names, file);
        System.out.println(Json.mapper().writeValueAsString(new JobResult<>(RUN, actions)));
        return ExitCode.DONE.status();
    }

    /** {@code ledger-backup}. */
    @Command(name = JobCommand.Name.LEDGER_BACKUP, description = "Writes ledgers into a file.")
    static final class OfBackup extends LedgerCommand {
        @Override
        List<MaintenanceAction> run(LedgerBackup backup, List<TableName> tables, Path path) throws IOException {
            return backup.backup(tables, path);
        }
    }

    /** {@code ledger-restore}. */
    @Command(name = JobCommand.Name.LEDGER_RESTORE, description = "Puts back the commits that ledgers lack.")
    static final class OfRestore extends LedgerCommand {
        @Option(names = JobOption.DRY_RUN, description = "say what would be done, and do nothing")
        private boolean dryRun;

        @Override
        List<MaintenanceAction> run(LedgerBackup backup, List<TableName> tables, Path path) throws IOException {
            return backup.restore(tables, path, dryRun);
        }
    }
}
