package dev.igarape.bench;

import com.fasterxml.jackson.databind.JsonNode;
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
record PlanJob(String name, Scratch scratch, Path lake, Path project) implements Contender {
    static final String WORK =
            "./lake plan for a table of 10,000 dates by 5,000 commits, as many before it, one date late";

    /** With the ledgers' snapshots, against reading all of their commits. */
    static List<Duel> duels(Path lake, Path folder, List<Scratch> scratch) throws IOException {
        Path project = folder.resolve("visits");
        new LongLedgers(project, Clock.systemUTC()).write(scratch);
        LongLedgers.deleteSnapshots(scratch.get(1));
        return List.of(new Duel(
                "plan",
                new PlanJob("from snapshots", scratch.get(0), lake, project),
                new PlanJob("from all commits", scratch.get(1), lake, project),
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
                LongLedgers.name(scratch),
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
    public Answer answer(int round) throws IOException {
        TreeSet<String> dates = new TreeSet<>();
        long stale = 0;
        for (JsonNode date : Json.mapper().readTree(printed().toFile()).path("dates")) {
            dates.add(date.toString());
            stale += date.path("status").asText().equals("stale") ? 1 : 0;
        }
        if (dates.size() < LongLedgers.DATES || stale != 1) {
            throw new IllegalStateException(name + " planned " + dates.size() + " dates, " + stale + " of them stale");
        }
        return new Answer(dates.size(), Integer.toHexString(dates.hashCode()));
    }

    private Path printed() {
        return project.resolve(LongLedgers.name(scratch) + ".json");
    }
}
