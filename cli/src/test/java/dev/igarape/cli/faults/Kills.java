package dev.igarape.cli.faults;

import static dev.igarape.cli.faults.Stage.CURRENT;
import static dev.igarape.cli.faults.Stage.DAILY;
import static dev.igarape.cli.faults.Stage.FIRST;
import static dev.igarape.cli.faults.Stage.HISTORY;
import static dev.igarape.cli.faults.Stage.HTTP;
import static dev.igarape.cli.faults.Stage.KEYED;
import static dev.igarape.cli.faults.Stage.LANDED_ONLY;
import static dev.igarape.cli.faults.Stage.LIVE;
import static dev.igarape.cli.faults.Stage.RAW;
import static dev.igarape.cli.faults.Stage.STEPS;
import static dev.igarape.cli.faults.Stage.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Jobs killed outright, at each step and at any moment, and run again. */
final class Kills {
    private static final int KILLED = 137;

    private final Stage stage;

    Kills(Stage stage) {
        this.stage = stage;
    }

    Map<String, Trial> ofLandings() {
        return stage.atSteps(this::landing);
    }

    Map<String, Trial> ofHttpLandings() {
        return stage.atSteps(this::httpLanding);
    }

    /** For the short form: jobs of tables of their own, which die at the same time and are done again. */
    Map<String, Trial> together() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        trials.put("landings from Kafka and HTTP, committed, and a new date, added", this::landingsAndNewDate);
        trials.put("a date rebuilt and intervals added to, altered", this::bothByDate);
        trials.put("current, written, history, prepared, and intervals computed, altered", this::keyedAndComputed);
        return trials;
    }

    Map<String, Trial> ofNewDates() {
        return stage.atSteps(this::newDate);
    }

    Map<String, Trial> ofRebuilds() {
        return stage.atSteps(this::rebuild);
    }

    /** A landing is killed at no step here: the trials of landings do that. */
    Map<String, Trial> ofIntervals() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        stage.atSteps(step -> intervals(step, LIVE)).forEach((step, trial) -> trials.put("added to, " + step, trial));
        stage.atSteps(step -> intervals(step, WINDOWS))
                .forEach((step, trial) -> trials.put("computed, " + step, trial));
        return trials;
    }

    Map<String, Trial> ofKeyed() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        stage.atSteps(step -> keyed(step, CURRENT)).forEach((step, trial) -> trials.put("current, " + step, trial));
        stage.atSteps(step -> keyed(step, HISTORY)).forEach((step, trial) -> trials.put("history, " + step, trial));
        return trials;
    }

    Map<String, Trial> ofCompactions() {
        return stage.atSteps(this::compaction, 5);
    }

    Map<String, Trial> atRandom() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        Random random = new Random(stage.seed());
        for (int i = 0; i < (stage.isLong() ? 60 : 1); i++) {
            // Drawn here, so that a trial left out of a resumed run changes none of the others.
            Duration moment = Duration.ofMillis(500 + random.nextInt(8000));
            LocalDate fresh = FIRST.plusDays(20L + i);
            List<String> targets = List.of(
                    RAW + " " + LANDED_ONLY,
                    DAILY + " " + fresh,
                    DAILY + " " + FIRST,
                    LIVE + " " + stage.byInterval(),
                    CURRENT + " " + KEYED,
                    HISTORY + " " + KEYED);
            // Tables with keys take half a minute to do again.
            int chosen = random.nextInt(stage.isLong() ? targets.size() : targets.size() - 2);
            String[] target = targets.get(chosen).split(" ");
            trials.put(
                    "%02d, %s of %s after %d ms".formatted(i, target[0], target[1], moment.toMillis()),
                    () -> after(moment, target[0], LocalDate.parse(target[1])));
        }
        return trials;
    }

    private void landing(String step) throws Exception {
        stage.send(LANDED_ONLY);
        at(step, Stage.arguments(RAW, LANDED_ONLY));
        stage.run(RAW, LANDED_ONLY);
    }

    private void httpLanding(String step) throws Exception {
        LocalDate date = FIRST.plusDays(STEPS.indexOf(step) + 1L);
        at(step, Stage.arguments(HTTP, date));
        stage.run(HTTP, date);
        // The same date again, which exists now.
        at(step, Stage.arguments(HTTP, date, "--refetch"));
        stage.run(HTTP, date, "--refetch");
    }

    private void newDate(String step) throws Exception {
        LocalDate date = FIRST.plusDays(STEPS.indexOf(step) + 1L);
        stage.sendAndLand(date);
        at(step, Stage.arguments(DAILY, date));
        stage.run(DAILY, date);
    }

    private void rebuild(String step) throws Exception {
        stage.sendAndLand(FIRST);
        at(step, Stage.arguments(DAILY, FIRST));
        stage.run(DAILY, FIRST);
    }

    private void intervals(String step, String table) throws Exception {
        stage.sendAndLand(stage.byInterval());
        if (table.equals(WINDOWS)) {
            stage.run(LIVE, stage.byInterval());
        }
        at(step, Stage.arguments(table, stage.byInterval()));
        stage.run(LIVE, stage.byInterval());
        stage.run(WINDOWS, stage.byInterval());
    }

    private void keyed(String step, String table) throws Exception {
        stage.sendAndLand(KEYED);
        at(step, Stage.arguments(table, KEYED));
        stage.run(CURRENT, KEYED);
        stage.run(HISTORY, KEYED);
    }

    private void landingsAndNewDate() throws Exception {
        LocalDate date = FIRST.plusDays(1);
        stage.send(LANDED_ONLY);
        stage.send(date);
        strike(
                halting("committed", Stage.arguments(RAW, LANDED_ONLY)),
                halting("committed", Stage.arguments(HTTP, date)));
        stage.run(RAW, LANDED_ONLY);
        stage.run(HTTP, date);
        // The same date again, which exists now, beside one that is new.
        strike(
                halting("committed", Stage.arguments(HTTP, date, "--refetch")),
                halting("added", Stage.arguments(DAILY, date)));
        stage.run(HTTP, date, "--refetch");
        stage.run(DAILY, date);
    }

    private void bothByDate() throws Exception {
        stage.send(FIRST);
        stage.sendAndLand(stage.byInterval());
        strike(
                halting("altered", Stage.arguments(DAILY, FIRST)),
                halting("altered", Stage.arguments(LIVE, stage.byInterval())));
        stage.run(DAILY, FIRST);
        stage.run(LIVE, stage.byInterval());
        stage.run(WINDOWS, stage.byInterval());
    }

    private void keyedAndComputed() throws Exception {
        stage.send(KEYED);
        stage.sendAndLand(stage.byInterval());
        RunningJob current = halting("written", Stage.arguments(CURRENT, KEYED));
        RunningJob history = halting("prepared", Stage.arguments(HISTORY, KEYED));
        // While they start, since the trial before has left a lease that it waits for.
        stage.run(LIVE, stage.byInterval());
        strike(current, history, halting("altered", Stage.arguments(WINDOWS, stage.byInterval())));
        stage.run(CURRENT, KEYED);
        stage.run(HISTORY, KEYED);
        // Last: meanwhile the lease expires that it would wait for.
        stage.run(WINDOWS, stage.byInterval());
    }

    /** Waits for jobs that die, and counts them. */
    private void strike(RunningJob... jobs) throws IOException, InterruptedException {
        for (RunningJob job : jobs) {
            assertThat(job.finish()).as(job.log()).isEqualTo(KILLED);
            stage.strike();
        }
    }

    /** Moves rows that nobody may see in two places, or in none. */
    private void compaction(String step) throws Exception {
        stage.sendAndLand(LANDED_ONLY);
        stage.sendAndLand(LANDED_ONLY);
        // Two small batches are always worth it, and it takes every step.
        assertThat(at(step, "compact", RAW)).isEqualTo(KILLED);
        stage.lake().run("compact", RAW).succeeded();
    }

    /** Runs a command that dies at a step; gives its exit status, which is 0 where it does not come there. */
    private int at(String step, String... words) throws IOException, InterruptedException {
        RunningJob job = halting(step, words);
        int status = job.finish();
        // A step that this kind of table or this run does not reach lets the job succeed.
        assertThat(status).as(job.log()).isIn(0, KILLED);
        if (status == KILLED) {
            stage.strike();
        }
        return status;
    }

    /** Starts a command that dies at a step. */
    private RunningJob halting(String step, String... words) throws IOException {
        return stage.lake().start(Map.of("IGARAPE_HALT_AT", step), words);
    }

    private void after(Duration moment, String table, LocalDate date) throws Exception {
        stage.prepare(table, date);
        RunningJob job = stage.start(Map.of(), table, date);
        if (!job.isOverWithin(moment)) {
            job.kill();
            stage.strike();
        }
        stage.run(table, date);
        stage.completeAfter(table);
    }
}
