package dev.igarape.bench.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.model.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.TreeSet;

/**
 * The command that people type, from its start to its end.
 *
 * @param lake the command
 * @param project where the target is declared
 */
public record PlanCandidate(String name, ScratchTarget scratch, Path lake, Path project) implements Candidate {
    public static final String WORK =
            "./lake plan for a table of 10,000 dates by 5,000 commits, as many before it, one date late";

    /** With the ledgers' snapshots, against reading all of their commits. */
    public static List<Comparison> duels(Path lake, Path folder, List<ScratchTarget> scratch) throws IOException {
        Path project = folder.resolve("visits");
        new LargeLedgers(project, Clock.systemUTC()).write(scratch);
        LargeLedgers.deleteSnapshots(scratch.get(1));
        return List.of(new Comparison(
                "plan",
                new PlanCandidate("from snapshots", scratch.get(0), lake, project),
                new PlanCandidate("from all commits", scratch.get(1), lake, project),
                3));
    }

    @Override
    public void work(int round) throws IOException, InterruptedException {
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
    public Checksum answer(int round) throws IOException {
        TreeSet<String> dates = new TreeSet<>();
        long stale = 0;
        for (JsonNode date : Json.mapper().readTree(printed().toFile()).path("dates")) {
            dates.add(date.toString());
            stale += date.path("status").asText().equals("stale") ? 1 : 0;
        }
        if (dates.size() < LargeLedgers.DATES || stale != 1) {
            throw new IllegalStateException(name + " planned " + dates.size() + " dates, " + stale + " of them stale");
        }
        return new Checksum(dates.size(), Integer.toHexString(dates.hashCode()));
    }

    private Path printed() {
        return project.resolve(LargeLedgers.name(scratch) + ".json");
    }
}
