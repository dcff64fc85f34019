package dev.igarape.bench.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.TrinoReader;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run of the DAG {@code insights} for one small date, from its trigger to its end, as the client sees it. Airflow builds the
 * tables of the stack's own target, so each round asks the HTTP source for the same date again: that has it built anew in each
 * table, and the rows stay the same.
 *
 * @param lake the target on which Airflow builds
 * @param cold whether each task has a process of its own, although the service is up
 */
public record DagCandidate(AirflowDag dag, StackService service, TrinoReader lake, boolean cold) implements Candidate {
    public static final String NAME = "insights";
    public static final String WORK = "the DAG insights for one date of 1,000 rows, from its trigger to its end";

    private static final String CASE = "DAG insights";
    private static final int DAY = 0;

    /**
     * Its tasks in the live service against a process for each; none if Airflow or the service is not up.
     *
     * @param progress is told what is missing
     */
    public static List<Comparison> comparisons(
            AirflowDag dag, StackService service, TrinoReader lake, PrintStream progress) throws InterruptedException {
        String missing = Stream.of(dag.missing(), service.missing())
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; and "));
        if (!missing.isEmpty()) {
            progress.println("The case " + CASE + " is left out. It needs " + missing);
            return List.of();
        }
        return List.of(new Comparison(
                CASE, new DagCandidate(dag, service, lake, false), new DagCandidate(dag, service, lake, true), 2));
    }

    @Override
    public String name() {
        return cold ? "DAG, a process for each task" : "DAG, tasks in the live service";
    }

    @Override
    public void prepare() throws Exception {
        dag.awaitIdle();
    }

    @Override
    public void run(int round) throws Exception {
        ObjectNode conf = JsonNodeFactory.instance.objectNode();
        dag.run(conf.put("date", StartCandidate.day(DAY))
                .put("full_refresh", true)
                .put("cold", cold));
    }

    @Override
    public Checksum checksum(int round) throws SQLException {
        // Tasks that a service does not take have processes of their own, and say nothing.
        if (!cold) {
            service.missing().ifPresent(missing -> {
                throw new IllegalStateException("The tasks of the DAG were not handed over for want of " + missing);
            });
        }
        return lake.checksum(StartCandidate.TABLE, StartCandidate.day(DAY), StartCandidate.day(DAY + 1));
    }
}
