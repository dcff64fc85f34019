package dev.igarape.cli.faults;

import static dev.igarape.cli.faults.Stage.DAILY;
import static dev.igarape.cli.faults.Stage.FIRST;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The protocol broken on purpose, which the kit must see; what is broken is mended again. */
final class Sabotage {
    private static final String TABLE_FOLDER = "/lake/trusted/marks";

    private final Stage stage;

    Sabotage(Stage stage) {
        this.stage = stage;
    }

    /** A job that showed its files before it committed, and died in between, would leave this. */
    void showBeforeCommit() throws Exception {
        FaultLake lake = stage.lake();
        Set<String> committed = new HashSet<>(lake.names(TABLE_FOLDER));
        stage.sendAndLand(FIRST);
        stage.start(Map.of("IGARAPE_HALT_AT", "written"), DAILY, FIRST).finish();
        String orphan = lake.names(TABLE_FOLDER).stream()
                .filter(name -> !committed.contains(name))
                .findFirst()
                .orElseThrow();
        lake.show(DAILY, FIRST, TABLE_FOLDER + "/" + orphan + "/date=" + FIRST);
        awaitFault(fault -> fault.contains(orphan) && fault.contains("never committed"));
        rebuild();
    }

    /** An overwrite in place deletes first and writes afterwards. */
    void overwriteInPlace() throws Exception {
        String shown = stage.ledgers().head(DAILY).stream()
                .filter(folder -> folder.contains("date=" + FIRST))
                .findFirst()
                .orElseThrow();
        stage.lake().webHdfs("DELETE", TABLE_FOLDER + "/" + shown, "DELETE&recursive=true");
        // Trino may answer without the date, or not at all.
        awaitFault(fault -> fault.contains(" no more") || fault.startsWith("a query failed"));
        if (stage.isLong()) {
            // So that a run can be resumed; otherwise this is the end of it.
            rebuild();
        }
    }

    private void awaitFault(Predicate<String> expected) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> stage.reader().faults(stage.ledgers()).stream().anyMatch(expected));
    }

    /** Gives the date that was broken a new version. */
    private void rebuild() throws Exception {
        stage.sendAndLand(FIRST);
        stage.run(DAILY, FIRST);
        stage.reader().faults(stage.ledgers());
    }
}
