package dev.igarape.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.jobs.testing.CountingFs;
import dev.igarape.jobs.testing.MetastoreCalls;
import dev.igarape.model.Table;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.junit.jupiter.api.Test;

/** How often a turn of the live service asks others, when some rows have come. That decides how long it takes. */
final class StepCallsTest extends ClicksTestBase {
    private static final String CLICK = "10:0%d:30";
    private static final long MOST_OPENED = 52;
    private static final long MOST_LISTED = 15;

    private Set<String> before = Set.of();

    /**
     * What a turn did.
     *
     * @param queries that Spark executed
     * @param stages of these
     * @param metastore functions of the metastore
     * @param files files opened and folders listed, for ledgers and leases
     * @param clients of Kafka that are open
     */
    private record Calls(
            int queries, int stages, Map<String, Long> metastore, Map<String, Long> files, Set<String> clients) {}

    @Test
    void aTurnMakesNoMoreCallsThanItNeedsAndNoMoreAsTheDayGrows() throws Exception {
        Lake opened = clicks.open(ClicksLake.NOON);
        Lake lake = new Lake(
                opened.manifest(),
                opened.target(),
                new Configuration(opened.hadoop()),
                opened.files(),
                opened.clock(),
                opened.runId(),
                opened.steps());
        CountingFs.use(lake.hadoop());
        List<Table> tables = lake.inBuildOrder(List.of(ClicksLake.RAW, ClicksLake.WINDOWS, ClicksLake.QUARTERS));
        before = clients();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (LiveService service =
                new LiveService(lake, BuiltInKinds.ALL, tables, local::spark, Duration.ofSeconds(1), meters)) {
            // The first ones make tables, partitions and connections.
            for (int warm = 0; warm < 3; warm++) {
                turn(service, warm);
            }
            Calls third = turn(service, 3);
            // The landing needs no Spark; each of the other two is one query, without an exchange between tasks.
            assertThat(third.queries()).isEqualTo(2);
            assertThat(third.stages()).isEqualTo(2);
            // Each table looks at what it flips, flips it, and reads it back.
            assertThat(third.metastore())
                    .isEqualTo(Map.of("get_partitions_by_names", 6L, "add_partition", 1L, "alter_partition", 2L));
            assertThat(third.files().get("open")).isLessThanOrEqualTo(MOST_OPENED);
            assertThat(third.files().get("list")).isLessThanOrEqualTo(MOST_LISTED);
            // One that asks what the topic has, one that lands, and a consumer.
            assertThat(third.clients()).hasSize(3);
            for (int more = 4; more < 8; more++) {
                Calls later = turn(service, more);
                assertThat(later.queries()).isEqualTo(third.queries());
                assertThat(later.stages()).isEqualTo(third.stages());
                assertThat(later.metastore()).isEqualTo(third.metastore());
                assertThat(later.clients()).isEqualTo(third.clients());
                assertThat(later.files().get("open")).isLessThanOrEqualTo(MOST_OPENED);
                assertThat(later.files().get("list")).isLessThanOrEqualTo(MOST_LISTED);
            }
        }
        assertThat(clicks.shown(lake, ClicksLake.QUARTERS)).containsExactly("10:00 8");
    }

    /** A turn after one more click. */
    private Calls turn(LiveService service, int minute) throws Exception {
        clicks.send(ClicksLake.event("ana", CLICK.formatted(minute), 1));
        AtomicInteger queries = new AtomicInteger();
        AtomicInteger stages = new AtomicInteger();
        SparkListener listener = new SparkListener() {
            @Override
            public void onStageSubmitted(SparkListenerStageSubmitted stage) {
                stages.incrementAndGet();
            }

            @Override
            public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof SparkListenerSQLExecutionStart) {
                    queries.incrementAndGet();
                }
            }
        };
        local.spark().sparkContext().addSparkListener(listener);
        CountingFs.reset();
        MetastoreCalls.reset();
        service.turn();
        Map<String, Long> metastore = counted(MetastoreCalls.seen());
        // Leases are renewed now and then, for which no file is opened and no folder listed.
        Map<String, Long> files = counted(CountingFs.seen().stream()
                .map(call -> call.split(" ")[0])
                .filter(Set.of("open", "list")::contains)
                .toList());
        // Listeners are told later, in a thread of their own.
        local.spark().sparkContext().listenerBus().waitUntilEmpty();
        local.spark().sparkContext().removeSparkListener(listener);
        Set<String> clients = clients();
        clients.removeAll(before);
        return new Calls(queries.get(), stages.get(), metastore, files, clients);
    }

    private static Map<String, Long> counted(List<String> calls) {
        return calls.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    /** Ids of the clients of Kafka that are open, which are new for each. */
    private static Set<String> clients() throws Exception {
        Set<String> clients = new TreeSet<>();
        for (String kind : List.of("consumer", "admin.client")) {
            ManagementFactory.getPlatformMBeanServer()
                    .queryNames(new ObjectName("kafka." + kind + ":type=app-info,id=*"), null)
                    .forEach(name -> clients.add(name.getKeyProperty("id")));
        }
        return clients;
    }
}
