package dev.igarape.cli.command.maintenance;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.MaintenanceAction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "ledger",
        description = "Back up the ledgers, and put lost ones back.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LedgerCommand.BackupCommand.class, LedgerCommand.RestoreCommand.class})
public final class LedgerCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    /** Prints the list of commands, where none is given. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "backup", description = "Write the ledgers into a file, with a checksum of every commit.")
    static final class BackupCommand implements Callable<Integer> {
        @ParentCommand
        private LedgerCommand ledger;

        @Spec
        private CommandSpec spec;

        @Mixin
        private JobOptions job;

        @Parameters(index = "0", paramLabel = "FILE", description = "A zip file, on this machine.")
        private Path file;

        @Parameters(
                index = "1..*",
                paramLabel = "TABLE|PIPELINE",
                arity = "0..*",
                description = "Whose ledgers; without it, those of all tables.")
        private List<String> names = new ArrayList<>();

        @Override
        public Integer call() {
            return job.run(
                    ledger.context,
                    JobCommand.LEDGER_BACKUP,
                    MaintenanceAction.class,
                    names,
                    List.of(JobOption.FILE, file.toAbsolutePath().toString()),
                    "No table has a commit yet.",
                    spec.commandLine().getOut());
        }
    }

    @Command(
            name = "restore",
            description = "Put back the commits that ledgers lack; refuses to touch a ledger that has gone on since.")
    static final class RestoreCommand implements Callable<Integer> {
        @ParentCommand
        private LedgerCommand ledger;

        @Spec
        private CommandSpec spec;

        @Mixin
        private JobOptions job;

        @Parameters(index = "0", paramLabel = "FILE", description = "What ./lake ledger backup has written.")
        private Path file;

        @Parameters(
                index = "1..*",
                paramLabel = "TABLE|PIPELINE",
                arity = "0..*",
                description = "Whose ledgers; without it, those of all tables.")
        private List<String> names = new ArrayList<>();

        @Option(names = "--dry-run", description = "Say what would be done; change nothing.")
        private boolean dryRun;

        @Override
        public Integer call() {
            List<String> options = new ArrayList<>(
                    List.of(JobOption.FILE, file.toAbsolutePath().toString()));
            if (dryRun) {
                options.add(JobOption.DRY_RUN);
            }
            return job.run(
                    ledger.context,
                    JobCommand.LEDGER_RESTORE,
                    MaintenanceAction.class,
                    names,
                    options,
                    "No ledger lacks a commit that the backup has.",
                    spec.commandLine().getOut());
        }
    }
}
