package dev.igarape.cli.doctor;

import dev.igarape.cli.doctor.HealthCheck.Area;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.Inspected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks whether tables are as their ledgers say. */
public final class TableChecks {
    private static final String NAME = "Tables";

    private TableChecks() {}

    /**
     * A check for each finding, after one for all.
     *
     * @param found what the jobs have found; empty if they have failed
     * @param status theirs
     */
    public static List<HealthCheck> checks(Optional<List<Inspected>> found, int status) {
        if (found.isEmpty()) {
            return List.of(HealthCheck.failed(
                    Area.TABLE,
                    NAME,
                    "could not be looked at, which ended with exit code " + status,
                    status == ExitCode.DEFINITION.status()
                            ? "See the message above. If another release deployed the tables: ./lake compile"
                            : "See the message above, and run it again once the servers answer."));
        }
        List<HealthCheck> checks = new ArrayList<>();
        checks.add(HealthCheck.passed(
                Area.TABLE, NAME, found.get().size() + " that are deployed were held against their ledgers"));
        for (Inspected table : found.get()) {
            for (Inspected.Finding finding : table.findings()) {
                checks.add(check(table.table().toString(), finding));
            }
        }
        return checks;
    }

    /** What may end by itself has not failed, but is told. */
    private static HealthCheck check(String table, Inspected.Finding finding) {
        return finding.failed()
                ? HealthCheck.failed(Area.TABLE, table, finding.problem(), finding.remedy())
                : HealthCheck.passed(Area.TABLE, table, finding.problem() + ". " + finding.remedy());
    }
}
