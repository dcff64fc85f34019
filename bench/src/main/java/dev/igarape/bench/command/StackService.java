package dev.igarape.bench.command;

import dev.igarape.model.handover.WarmRuns;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The stack's live service, to which Airflow hands its tasks.
 *
 * @param stateFile where it says how to reach it; absent while it is not up
 * @param jar that Airflow's tasks run otherwise
 * @param target that Airflow's tasks build on
 */
public record StackService(Path stateFile, Path jar, Path manifest, Path target) {
    /** What is missing for it to take runs as those of Airflow, and the command that helps; empty if it takes one. */
    Optional<String> missing() {
        List<String> said = new ArrayList<>();
        OptionalInt status = new WarmRuns(stateFile, jar, Map.of(), said::add)
                .run(
                        List.of(
                                JobCommand.PLAN.commandName(),
                                JobOption.MANIFEST,
                                manifest.toString(),
                                JobOption.TARGET,
                                target.toString(),
                                JobOption.TABLES,
                                StartCandidate.TABLE),
                        manifest,
                        line -> {},
                        said::add);
        return status.equals(OptionalInt.of(0))
                ? Optional.empty()
                : Optional.of("a live service that takes the runs of this stack (./lake live start clickstream): "
                        + String.join(" ", said));
    }
}
