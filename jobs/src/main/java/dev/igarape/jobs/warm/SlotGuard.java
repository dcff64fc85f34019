package dev.igarape.jobs.warm;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Finds the run that keeps all others from working: Spark takes no task off a core before it has ended, so tasks that hang on
 * every core would hold up the service's own steps, too.
 */
final class SlotGuard extends SparkListener {
    private static final String GROUP = "spark.jobGroup.id";

    private final Duration patience;
    private final LongSupplier nanos;
    private final Map<Integer, String> groups = new HashMap<>();
    private final Map<Long, String> tasks = new HashMap<>();
    private final Set<Integer> waiting = new HashSet<>();
    private long changed;

    /** @param patience how long no task may end or begin while a stage waits for its first one */
    SlotGuard(Duration patience, LongSupplier nanos) {
        this.patience = patience;
        this.nanos = nanos;
        this.changed = nanos.getAsLong();
    }

    /** The job group with most tasks at work, if for some time none has ended while others wait; empty if all goes well. */
    synchronized Optional<String> blocking() {
        if (nanos.getAsLong() - changed < patience.toNanos()) {
            return Optional.empty();
        }
        Map<String, Integer> held = new HashMap<>();
        tasks.values().forEach(group -> held.merge(group, 1, Integer::sum));
        return held.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .filter(group -> waiting.stream()
                        .anyMatch(stage -> !groups.getOrDefault(stage, "").equals(group)));
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
        String group = Optional.ofNullable(stage.properties())
                .map(properties -> properties.getProperty(GROUP, ""))
                .orElse("");
        groups.put(stage.stageInfo().stageId(), group);
        waiting.add(stage.stageInfo().stageId());
        changed = nanos.getAsLong();
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
        waiting.remove(stage.stageInfo().stageId());
        groups.remove(stage.stageInfo().stageId());
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
        waiting.remove(task.stageId());
        tasks.put(task.taskInfo().taskId(), groups.getOrDefault(task.stageId(), ""));
        changed = nanos.getAsLong();
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        tasks.remove(task.taskInfo().taskId());
        changed = nanos.getAsLong();
    }
}
