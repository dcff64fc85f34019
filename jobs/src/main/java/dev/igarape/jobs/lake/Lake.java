package dev.igarape.jobs.lake;

import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Ledgers;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.Manifest;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * What every job of one run works with: definitions, endpoints, file system, clock and the run's id.
 *
 * @param runId names this run in commits, leases and logs
 * @param ledgers those that this lake has opened
 * @param caller who asked for the run
 */
public record Lake(
        Manifest manifest,
        Target target,
        Configuration hadoop,
        FileSystem files,
        Clock clock,
        String runId,
        Step.Listener steps,
        Ledgers ledgers,
        Caller caller) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final Pattern COMMIT_ID = Pattern.compile("([0-9]{8}T[0-9]{9})-[0-9a-f]{8}");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** A lake that has opened no ledger yet. */
    public Lake(
            Manifest manifest,
            Target target,
            Configuration hadoop,
            FileSystem files,
            Clock clock,
            String runId,
            Step.Listener steps) {
        this(manifest, target, hadoop, files, clock, runId, steps, new Ledgers(), Caller.ofProcess());
    }

    /**
     * Connects to the target's file system.
     *
     * @throws LakeException (UNAVAILABLE) if its host, or nameservice, is not known
     */
    public static Lake open(
            Manifest manifest, Target target, Configuration hadoop, Clock clock, String runId, Step.Listener steps)
            throws IOException {
        return new Lake(manifest, target, hadoop, fileSystem(target, hadoop), clock, runId, steps);
    }

    private static FileSystem fileSystem(Target target, Configuration hadoop) throws IOException {
        try {
            return FileSystem.get(URI.create(target.hdfs()), hadoop);
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "Cannot open " + target.hdfs() + " of target " + target.name() + ": "
                                + e.getCause().getMessage() + " is neither a host nor a nameservice that is configured"
                                + " here. Name the nameservice's NameNodes in the target's 'hadoop', or in the"
                                + " hdfs-site.xml of HADOOP_CONF_DIR, and run again.",
                        e);
            }
            throw e;
        }
    }

    /** The same lake, which has opened no ledger yet, for a run that somebody else asked for. */
    public Lake calledBy(Caller other) {
        return new Lake(manifest, target, hadoop, files, clock, runId, steps, new Ledgers(), other);
    }

    /** The table's ledger; the same object each time. */
    public Ledger ledger(TableName table) throws IOException {
        return ledgers.ledger(table, name -> new Ledger(name, hadoop, target.ledgerFolder(name), clock, steps));
    }

    /** A commit of this run to a table as it is declared now. */
    public Commit.Builder draft(Table table, String commitId, Operation operation) {
        return Commit.of(table.name(), commitId).by(runId, operation).definitionHash(table.definitionHash());
    }

    public Publisher publisher() {
        return new Publisher(target, hadoop, files, clock, runId, steps);
    }

    /** A fresh commit id: sorts by time, collides with none, fit for a folder name. */
    public String newCommitId() {
        return STAMP.format(clock.instant()) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /** When a commit id was made; empty for any other name. */
    public static Optional<Instant> madeAt(String commitId) {
        Matcher form = COMMIT_ID.matcher(commitId);
        return form.matches() ? Optional.of(STAMP.parse(form.group(1), Instant::from)) : Optional.empty();
    }

    /** Replaces each {@code ${NAME}} by the target's variable or, failing that, the caller's. */
    public String expand(String text) {
        return VARIABLE.matcher(text).replaceAll(match -> {
            String name = match.group(1);
            String value =
                    target.variables().getOrDefault(name, caller.environment().get(name));
            if (value == null) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        "${" + name + "} has no value: neither the variables of target " + target.name()
                                + " nor the environment set it. Set it in one of them.");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** The time zone in which a table's dates lie: that of its pipeline. */
    public ZoneId timezone(Table table) {
        return manifest.owner(table.name()).orElseThrow().timezone();
    }

    /** @see Manifest#inBuildOrder */
    public List<Table> inBuildOrder(Collection<TableName> names) {
        return manifest.inBuildOrder(names);
    }

    /** The declared table; LakeException (USAGE) that lists what there is. */
    public Table table(TableName name) {
        return manifest.table(name)
                .orElseThrow(() -> new LakeException(
                        ExitCode.USAGE,
                        "There is no table " + name + " in the manifest. It declares: "
                                + manifest.pipelines().stream()
                                        .flatMap(p -> p.tables().stream())
                                        .map(t -> t.name().toString())
                                        .toList()
                                + "."));
    }
}
