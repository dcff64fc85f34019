package dev.igarape.cli.command.stack;

import dev.igarape.cli.query.TrinoClient;
import dev.igarape.model.TableName;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.targets.Target;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How single tables stand, for people. */
final class TableReport {
    private static final long MEGABYTE = 1 << 20;

    private TableReport() {}

    /**
     * These tables with the rows that no ledger counts: Trino does, and reads no more of a file than its end for that. As they are
     * where it does not answer.
     */
    static List<Inspected> counted(List<Inspected> tables, Target target) {
        return tables.stream()
                .map(table -> table.keyed().isEmpty() ? table : count(table, target))
                .toList();
    }

    private static Inspected count(Inspected table, Target target) {
        TableName name = table.table();
        try {
            Object rows = new TrinoClient(target)
                    .query("SELECT count(*) FROM " + target.database(name.layer()) + "." + name.name())
                    .rows()
                    .get(0)
                    .get(0);
            return table.withRows(((Number) rows).longValue());
        } catch (LakeException e) {
            // It is down, or does not know the table yet, or its files are gone: the findings say so.
            return table;
        }
    }

    static void print(List<Inspected> tables, PrintWriter out) {
        String gap = "";
        for (Inspected table : tables) {
            out.print(gap);
            gap = System.lineSeparator();
            out.printf("%s (%s)%n", table.table(), table.kind());
            table.rows().ifPresent(rows -> line(out, "rows", Long.toString(rows)));
            if (!table.dates().isEmpty()) {
                line(out, "dates", dates(table));
            }
            line(
                    out,
                    "last commit",
                    table.last()
                            .map(last -> last.sequence() + " at " + last.at())
                            .orElse("none"));
            if (table.quarantined() > 0) {
                line(out, "quarantine", table.quarantined() + " rows" + tooLate(table));
            }
            table.keyed().ifPresent(keyed -> print(keyed, table.rows(), out));
            table.findings().forEach(finding -> {
                line(out, finding.failed() ? "FAILED" : "look", finding.problem());
                line(out, "", finding.remedy());
            });
        }
    }

    private static void print(Inspected.Keyed keyed, Optional<Long> rows, PrintWriter out) {
        line(out, "rows changed", "at " + keyed.changedAt());
        line(
                out,
                "Delta table",
                "version " + keyed.version()
                        + keyed.files()
                                .map(files -> ", " + files.files() + " files, " + size(files.bytes()))
                                .orElse(""));
        keyed.files()
                .filter(files -> files.hiddenRows() > 0)
                .ifPresent(files -> line(out, "", hidden(files.hiddenRows(), rows)));
        keyed.files()
                .filter(Inspected.Files::areDueForCompaction)
                .ifPresent(
                        files -> line(out, "", "at least " + files.small() + " small files: due for ./lake compact"));
        line(out, "", keyed.folder());
        if (keyed.remembered() > 0) {
            line(out, "remembered", size(keyed.remembered()) + " beside the rows");
        }
        keyed.forgotten().ifPresent(time -> line(out, "forgotten", "deletions up to " + time));
    }

    private static String dates(Inspected table) {
        return table.dates().entrySet().stream()
                .map(status -> status.getKey() + " " + status.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String tooLate(Inspected table) {
        return table.keyed()
                .map(Inspected.Keyed::tooLate)
                .filter(rows -> rows > 0)
                .map(rows -> ", " + rows + " of them too late")
                .orElse("");
    }

    private static String hidden(long hidden, Optional<Long> rows) {
        String share = rows.map(shown -> String.format(Locale.ROOT, " (%d %%)", 100 * hidden / (shown + hidden)))
                .orElse("");
        return hidden + " rows hidden by deletion vectors" + share;
    }

    /** Bytes in a unit that people read. */
    private static String size(long bytes) {
        return bytes < MEGABYTE
                ? (bytes + 1023) / 1024 + " KB"
                : String.format(Locale.ROOT, "%.1f MB", (double) bytes / MEGABYTE);
    }

    private static void line(PrintWriter out, String what, String text) {
        out.printf("  %-12s %s%n", what, text);
    }
}
