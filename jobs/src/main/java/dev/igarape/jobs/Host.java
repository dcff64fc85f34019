package dev.igarape.jobs;

import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.sql.SparkSessions;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * The process in which a command runs.
 *
 * @param caller who asked for it
 * @param sessions a Spark session for the run of an id
 * @param failures told of each failure
 */
record Host(Caller caller, Function<String, SparkSession> sessions, Consumer<Throwable> failures) {
    /** A process that the command has to itself. */
    static Host own() {
        return new Host(Caller.ofProcess(), SparkSessions::start, failure -> {});
    }
}
