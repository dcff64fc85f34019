package dev.igarape.jobs;

import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.lake.HadoopSettings;
import dev.igarape.jobs.warm.Work;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;

/** Runs commands of this jar inside the live service, each with a session of its own. */
final class HandedCommands implements Work {
    /**
     * Those that Airflow and people run again and again; a caller that is not sure whether a run was taken may repeat them.
     * Others read whole tables, or need a process to fail in.
     */
    private static final Set<String> TAKEN = Set.of(
            JobCommand.Name.RUN,
            JobCommand.Name.PLAN,
            JobCommand.Name.INSPECT,
            JobCommand.Name.REPAIR,
            JobCommand.Name.COMPACT,
            JobCommand.Name.RETENTION,
            JobCommand.Name.CLEAN);

    private final Target target;
    private final String jar;
    private final SparkSession spark;

    /**
     * @param target the service's
     * @param jar the fingerprint of the jar that it was started with
     */
    HandedCommands(Target target, String jar, SparkSession spark) {
        this.target = target;
        this.jar = jar;
        this.spark = spark;
    }

    @Override
    public Optional<String> refusal(HandedRun run) {
        List<String> arguments = run.arguments();
        if (spark.sparkContext().isStopped()) {
            return Optional.of("The service's Spark session has ended.");
        }
        if (!run.jar().equals(jar)) {
            return Optional.of("The service runs another build of the jar.");
        }
        if (arguments.isEmpty() || !TAKEN.contains(arguments.get(0))) {
            return Optional.of("The service takes: " + String.join(", ", TAKEN) + ".");
        }
        return isOnTarget(arguments) ? Optional.empty() : Optional.of("The service is on another target.");
    }

    private boolean isOnTarget(List<String> arguments) {
        int option = arguments.indexOf(JobOption.TARGET);
        if (option < 0 || option + 1 == arguments.size()) {
            return false;
        }
        try {
            return LakeOptions.read(arguments.get(option + 1), HadoopSettings.load(), Target.class)
                    .equals(target);
        } catch (IOException | RuntimeException e) {
            // A process of its own says what is wrong with the file.
            return false;
        }
    }

    @Override
    public Ended run(HandedRun run, Caller caller, PrintWriter out, PrintWriter err) {
        AtomicBoolean outOfMemory = new AtomicBoolean();
        Host host = new Host(caller, id -> session(), failure -> {
            if (isOutOfMemory(failure)) {
                outOfMemory.set(true);
            }
        });
        try {
            int status = Main.run(host, out, err, run.arguments().toArray(String[]::new));
            return new Ended(status, outOfMemory.get());
        } catch (RuntimeException | Error e) {
            // Even to report a failure takes memory.
            if (!outOfMemory.get() && !isOutOfMemory(e)) {
                throw e;
            }
            return new Ended(ExitCode.BUG.status(), true);
        } finally {
            SparkSession.clearActiveSession();
        }
    }

    private SparkSession session() {
        SparkSession session = spark.newSession();
        SparkSession.setActiveSession(session);
        return session;
    }

    /** Whether the heap was used up. An array that is too long for Java is an error of the same class, but harms nobody. */
    static boolean isOutOfMemory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // Subclasses are Spark's own, for memory that it manages.
            if (cause.getClass() == OutOfMemoryError.class) {
                String message = String.valueOf(cause.getMessage());
                return message.contains("heap space") || message.contains("overhead") || message.contains("Metaspace");
            }
        }
        return false;
    }
}
