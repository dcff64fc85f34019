package dev.igarape.bench.command;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.model.Json;
import dev.igarape.model.job.PlanResult;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.model.job.PlannedDate.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * {@code ./lake plan} for a large ledger, from the command's start to its end.
 *
 * @param lake the command
 * @param project where the target is declared
 */
public record PlanCandidate(String name, ScratchTarget scratch, Path lake, Path project, int dates)
        implements Candidate {
    /** What is measured. */
    public static String work(int dates) {
        return "./lake plan for a table of %,d dates by %,d commits, as many before it, one date late"
                .formatted(dates, dates / 2);
    }

    /** Reading the ledgers' snapshots against reading all of their commits. */
    public static List<Comparison> comparisons(Path lake, Path folder, List<ScratchTarget> scratch, int dates)
            throws IOException {
        Path project = folder.resolve("visits");
        new LargeLedgers(project, Clock.systemUTC(), dates).write(scratch);
        LargeLedgers.deleteSnapshots(scratch.get(1));
        return List.of(new Comparison(
                "plan",
                new PlanCandidate("from snapshots", scratch.get(0), lake, project, dates),
                new PlanCandidate("from all commits", scratch.get(1), lake, project, dates),
                3));
    }

    @Override
    public void run(int round) throws IOException, InterruptedException {
        List<String> line = List.of(
                lake.toString(),
                "plan",
                "trusted.visits",
                "--project",
                project.toString(),
                "--target",
                LargeLedgers.name(scratch),
                "--output",
                "json");
        int status = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(printed().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException(line + " ended with status " + status);
        }
    }

    @Override
    public Checksum checksum(int round) throws IOException {
        PlanResult plan = Json.mapper().readValue(printed().toFile(), PlanResult.class);
        List<String> planned = plan.dates().stream()
                .map(PlannedDate::toString)
                .distinct()
                .sorted()
                .toList();
        long stale = plan.dates().stream()
                .filter(date -> date.status() == Status.STALE)
                .count();
        // Of a wrong plan nothing counts, even if both plans are the same.
        boolean right = planned.size() >= dates && stale == 1;
        return new Checksum(
                right ? planned.size() : 0,
                "%d dates, %d of them stale, %x".formatted(planned.size(), stale, planned.hashCode()));
    }

    private Path printed() {
        return project.resolve(LargeLedgers.name(scratch) + ".json");
    }
}
