package dev.igarape.cli.connect;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the stack trace of a failed connector says, and what to do about it. */
final class FailureAdvice {
    private static final int LONGEST = 400;
    private static final Pattern BRACKETS = Pattern.compile(" ?\\[[^\\[\\]]*]");
    private static final String CAUSE = "Caused by: ";
    /** Until it has told a change, a connector does not see that its slot was made anew, so none is left to it. */
    private static final String ANEW =
            "Run ./lake connect delete %1$s, drop the slot in the database if it is there (SELECT"
                    + " pg_drop_replication_slot('…')), then run ./lake connect apply %1$s: it reads all rows anew and goes on"
                    + " from there. If a table follows it with `cdc: debezium`, give it a new topic.prefix and slot.name"
                    + " instead (docs/cdc-tables.md).";

    /** In the trace of a failure that the database's driver has met; that of a registry or a broker has none of it. */
    private static final String DRIVER = "org.postgresql";

    private static final String TRUST =
            "Let database.sslrootcert in connect/%1$s.json name a file on the worker's machine with the certificate that has"
                    + " signed the database's, and database.hostname be a name that the database's is for; where the server"
                    + " has no TLS, switch it on. Then run ./lake connect apply %1$s.";

    /**
     * Of certificates that are not trusted, files of them that are not there, hosts that they are not for, and servers that
     * have no TLS.
     */
    private static final List<String> UNTRUSTED = List.of(
            "PKIX path",
            "SSL root certificate file",
            "could not be verified by hostnameverifier",
            "does not support SSL");

    private record Advice(String sign, String remedy) {}

    /** The first one whose sign is in the trace. */
    private static final List<Advice> ADVICES = List.of(
            new Advice(
                    "no longer available on the server",
                    "Its replication slot was dropped or made anew, so changes in between are in no log any more. "
                            + ANEW),
            new Advice("can no longer", "PostgreSQL has removed WAL that its replication slot needs. " + ANEW),
            new Advice(
                    "password authentication failed",
                    "Export the right password under the name that connect/%1$s.json has for it, and run ./lake connect apply"
                            + " %1$s."),
            new Advice(
                    "wal_level",
                    "Set wal_level = logical in the database's postgresql.conf, start it again, then run ./lake connect"
                            + " restart %1$s."),
            new Advice(
                    "is active for PID",
                    "Another program reads its replication slot. Give each connector a slot.name of its own."),
            new Advice(
                    "permission denied",
                    "Give the database's role what it lacks (REPLICATION, SELECT on the tables, and a publication), then run"
                            + " ./lake connect restart %1$s."),
            new Advice(
                    "RuleViolation",
                    "The table has changed in a way that the registry's compatibility rule refuses. Register a schema that"
                            + " it takes, or capture the table into another topic (topic.prefix), then run ./lake connect restart"
                            + " %1$s."),
            new Advice("refused", "See that the server it names is up, then run ./lake connect restart %1$s."),
            new Advice(
                    "UnknownHost",
                    "Correct database.hostname in connect/%1$s.json and run ./lake connect apply %1$s."));

    private static final String OTHERWISE =
            "Read ./lake logs connect, mend what it names and run ./lake connect restart %1$s; nothing is lost meanwhile: it"
                    + " goes on where it was.";

    private FailureAdvice() {}

    /** The first line of a trace and its last cause, without what stands in brackets. */
    static String reason(String trace) {
        List<String> lines = trace.lines().map(String::strip).toList();
        String first = plain(lines.get(0));
        String cause = lines.stream()
                .filter(line -> line.startsWith(CAUSE))
                .reduce((a, b) -> b)
                .map(line -> plain(line.substring(CAUSE.length())))
                .orElse("");
        String reason = cause.isEmpty() || first.contains(cause) ? first : first + "; cause: " + cause;
        return reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
    }

    private static String plain(String line) {
        String plain = line;
        for (String before = ""; !before.equals(plain); ) {
            before = plain;
            plain = BRACKETS.matcher(plain).replaceAll("");
        }
        return plain;
    }

    /**
     * What to do where a database can't prove who it is; empty for other failures.
     *
     * @param failure of its driver: a message or a trace
     */
    static Optional<String> trust(String connector, String failure) {
        return UNTRUSTED.stream().anyMatch(failure::contains)
                ? Optional.of(TRUST.formatted(connector))
                : Optional.empty();
    }

    static String remedy(String connector, String trace) {
        return Optional.of(trace)
                .filter(it -> it.contains(DRIVER))
                .flatMap(it -> trust(connector, it))
                .orElseGet(() -> otherRemedy(connector, trace));
    }

    private static String otherRemedy(String connector, String trace) {
        return ADVICES.stream()
                .filter(advice -> trace.contains(advice.sign()))
                .map(Advice::remedy)
                .findFirst()
                .orElse(OTHERWISE)
                .formatted(connector);
    }
}
