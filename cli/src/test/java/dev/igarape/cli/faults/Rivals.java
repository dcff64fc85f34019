package dev.igarape.cli.faults;

import static dev.igarape.cli.faults.Stage.CURRENT;
import static dev.igarape.cli.faults.Stage.DAILY;
import static dev.igarape.cli.faults.Stage.FIRST;
import static dev.igarape.cli.faults.Stage.HISTORY;
import static dev.igarape.cli.faults.Stage.KEYED;
import static dev.igarape.cli.faults.Stage.LANDED_ONLY;
import static dev.igarape.cli.faults.Stage.LIVE;
import static dev.igarape.cli.faults.Stage.RAW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Jobs that work on a table at the same time, or while another one is frozen. */
final class Rivals {
    private final Stage stage;

    Rivals(Stage stage) {
        this.stage = stage;
    }

    Map<String, Trial> frozen() {
        if (!stage.isLong()) {
            return Map.of("landing committed, and current written", this::freezeBoth);
        }
        Map<String, Trial> trials = new LinkedHashMap<>();
        stage.atSteps(step -> freeze(step, RAW)).forEach((step, trial) -> trials.put("landing " + step, trial));
        stage.atSteps(step -> freeze(step, DAILY)).forEach((step, trial) -> trials.put("daily " + step, trial));
        stage.atSteps(step -> freeze(step, LIVE)).forEach((step, trial) -> trials.put("intervals " + step, trial));
        stage.atSteps(step -> freeze(step, CURRENT)).forEach((step, trial) -> trials.put("current " + step, trial));
        stage.atSteps(step -> freeze(step, HISTORY)).forEach((step, trial) -> trials.put("history " + step, trial));
        return trials;
    }

    Map<String, Trial> together() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        String[] first = Stage.arguments(DAILY, FIRST);
        trials.put("the same date", () -> together(List.of(first, first), List.of(FIRST)));
        if (stage.isLong()) {
            for (String table : List.of(LIVE, CURRENT, HISTORY)) {
                LocalDate date = stage.dateOf(table);
                String[] run = Stage.arguments(table, date);
                trials.put(table, () -> {
                    together(List.of(run, run), List.of(date));
                    stage.completeAfter(table);
                });
            }
            LocalDate next = FIRST.plusDays(10);
            LocalDate after = FIRST.plusDays(11);
            String[] landing = Stage.arguments(RAW, LANDED_ONLY);
            String[] schedule = Stage.arguments(DAILY, next);
            String[] range = {
                "run",
                DAILY,
                "--from",
                next.toString(),
                "--to",
                after.plusDays(1).toString()
            };
            trials.put("the same topic", () -> together(List.of(landing, landing), List.of(LANDED_ONLY)));
            trials.put(
                    "two dates",
                    () -> together(List.of(schedule, Stage.arguments(DAILY, after)), List.of(next, after)));
            trials.put("a backfill and a schedule", () -> together(List.of(range, schedule), List.of(next, after)));
        }
        return trials;
    }

    /** While a job is frozen, more arrives and another job takes it in; then the first one goes on. */
    private void freeze(String step, String table) throws Exception {
        LocalDate date = stage.dateOf(table);
        stage.prepare(table, date);
        RunningJob zombie = stage.start(Map.of("IGARAPE_STOP_AT", step), table, date);
        boolean frozen = zombie.awaitFrozen();
        stage.sendAndLand(date);
        stage.run(table, date);
        if (frozen) {
            stage.strike();
            zombie.thaw();
        }
        // It may find that it was overtaken: an error that says so is as good as an end without one.
        assertThat(zombie.finish()).as(zombie.log()).isIn(0, 4);
        stage.completeAfter(table);
    }

    /** For the short form: the same with jobs of two tables at a time. */
    private void freezeBoth() throws Exception {
        stage.sendAndLand(KEYED);
        stage.send(LANDED_ONLY);
        List<RunningJob> zombies = List.of(
                stage.start(Map.of("IGARAPE_STOP_AT", "written"), CURRENT, KEYED),
                stage.start(Map.of("IGARAPE_STOP_AT", "committed"), RAW, LANDED_ONLY));
        for (RunningJob zombie : zombies) {
            assertThat(zombie.awaitFrozen()).as(zombie.log()).isTrue();
        }
        stage.sendAndLand(KEYED);
        stage.run(CURRENT, KEYED);
        for (RunningJob zombie : zombies) {
            stage.strike();
            zombie.thaw();
        }
        for (RunningJob zombie : zombies) {
            assertThat(zombie.finish()).as(zombie.log()).isIn(0, 4);
        }
        stage.completeAfter(CURRENT);
    }

    /** Runs at once, after each of the dates got marks; landings find them unlanded, builds landed. */
    private void together(List<String[]> runs, List<LocalDate> dates) throws Exception {
        for (LocalDate date : dates) {
            stage.send(date);
        }
        if (!runs.get(0)[1].equals(RAW)) {
            stage.run(RAW, FIRST);
        }
        List<RunningJob> jobs = new ArrayList<>();
        for (String[] run : runs) {
            jobs.add(stage.lake().start(Map.of(), run));
        }
        for (RunningJob job : jobs) {
            assertThat(job.finish()).as(job.log()).isEqualTo(0);
        }
    }
}
