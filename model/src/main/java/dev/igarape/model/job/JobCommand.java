package dev.igarape.model.job;

/** A command of the jobs' jar. Names are constants besides, since annotations take nothing else. */
public enum JobCommand {
    /** Builds tables; prints a {@link TableResult} for each date when its table is done, then a {@link JobResult}. */
    RUN(Name.RUN, true),
    /** Prints a {@link PlanResult}. */
    PLAN(Name.PLAN, false),
    /** Prints a {@link JobResult} of {@link Inspected}. */
    INSPECT(Name.INSPECT, false),
    /** Prints a {@link SchemaCheckResult}. */
    SCHEMA(Name.SCHEMA, true),
    /** Prints, like the other kinds of maintenance, a {@link JobResult} of {@link MaintenanceAction}s. */
    REPAIR(Name.REPAIR, false),
    ROLLBACK(Name.ROLLBACK, false),
    COMPACT(Name.COMPACT, true),
    RETENTION(Name.RETENTION, false),
    CLEAN(Name.CLEAN, true),
    /** Prints a {@link JobResult} of {@link Difference}s. */
    VERIFY(Name.VERIFY, true),
    /** Prints a {@link JobResult} of {@link Reconciled}. */
    RECONCILE(Name.RECONCILE, true),
    /** Prints a {@link JobResult} of {@link QuarantineCount}s. */
    QUARANTINE_LIST(Name.QUARANTINE_LIST, false),
    /** Prints a {@link JobResult} of rows, each an object with those fields that the row has. */
    QUARANTINE_SHOW(Name.QUARANTINE_SHOW, false),
    /** Prints a {@link JobResult} of {@link TableResult}s. */
    QUARANTINE_REPLAY(Name.QUARANTINE_REPLAY, true),
    /** Prints a {@link JobResult} of {@link MaintenanceAction}s. */
    LEDGER_BACKUP(Name.LEDGER_BACKUP, false),
    /** Prints a {@link JobResult} of {@link MaintenanceAction}s. */
    LEDGER_RESTORE(Name.LEDGER_RESTORE, false),
    /** Prints text for people. */
    TEST(Name.TEST, true),
    /** Prints nothing. */
    REHEARSE(Name.REHEARSE, true),
    /** Stays until it is stopped; tells where it answers in the state file, a {@link LiveProcess}. */
    LIVE(Name.LIVE, true);

    /** The jar's main class. */
    public static final String MAIN_CLASS = "dev.igarape.jobs.Main";

    private final String commandName;
    private final boolean usesSpark;

    JobCommand(String commandName, boolean usesSpark) {
        this.commandName = commandName;
        this.usesSpark = usesSpark;
    }

    /** The command as it is written on a command line. */
    public String commandName() {
        return commandName;
    }

    /**
     * Whether it may start a Spark session, so that it must be submitted. The others work on ledgers, folders and the
     * metastore alone, and run in a plain JVM, which starts faster.
     */
    public boolean usesSpark() {
        return usesSpark;
    }

    /** The commands' names. */
    public static final class Name {
        public static final String RUN = "run";
        public static final String PLAN = "plan";
        public static final String INSPECT = "inspect";
        public static final String SCHEMA = "schema";
        public static final String REPAIR = "repair";
        public static final String ROLLBACK = "rollback";
        public static final String COMPACT = "compact";
        public static final String RETENTION = "retention";
        public static final String CLEAN = "clean";
        public static final String VERIFY = "verify";
        public static final String RECONCILE = "reconcile";
        public static final String QUARANTINE_LIST = "quarantine-list";
        public static final String QUARANTINE_SHOW = "quarantine-show";
        public static final String QUARANTINE_REPLAY = "quarantine-replay";
        public static final String LEDGER_BACKUP = "ledger-backup";
        public static final String LEDGER_RESTORE = "ledger-restore";
        public static final String TEST = "test";
        public static final String REHEARSE = "rehearse";
        public static final String LIVE = "live";

        private Name() {}
    }
}
