package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A step of few events takes as long as the jobs that Spark starts for it, whatever these read. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class SmallStepTest {
    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    /** One for the events, one for what is known of their keys, and one for the table's files. */
    @Test
    void startsFewJobs() throws Exception {
        CustomerLake customers = new CustomerLake(local, "jobs_");
        customers.take(List.of(
                CustomerEvent.of(1, "ana", "Ana", 1),
                CustomerEvent.of(1, "bia", "Bia", 1),
                CustomerEvent.of(1, "caio", "Caio", 1),
                CustomerEvent.of(1, "davi", "Davi", 1)));
        customers.take(List.of(CustomerEvent.deletion(1, "bia", 2), CustomerEvent.of(1, "ana", "Anna", 2)));

        List<String> updates =
                jobs(customers, CustomerEvent.of(1, "ana", "Ann", 3), CustomerEvent.of(1, "eva", "Eva", 1));
        assertThat(updates).hasSizeLessThanOrEqualTo(3);
        List<String> deletes =
                jobs(customers, CustomerEvent.deletion(1, "caio", 3), CustomerEvent.of(1, "bia", "Bia", 1));
        assertThat(deletes).hasSizeLessThanOrEqualTo(3);
        List<String> nothing = jobs(customers, CustomerEvent.of(1, "caio", "Caio", 2));
        assertThat(nothing).hasSizeLessThanOrEqualTo(2);
        assertThat(customers.rows()).containsExactly("1 ana Ann 3", "1 davi Davi 1", "1 eva Eva 1");
        assertThat(customers.feed()).isEqualTo(customers.rows());
    }

    /** Of small events, too: rows of the table may be far larger, and are kept in files then. */
    @Test
    void keepsNoWideRowsInMemory() throws Exception {
        CustomerLake customers = new CustomerLake(local, "wide_", CustomerTables.wideNames());
        customers.take(List.of(CustomerEvent.of(1, "ana", "wide", 1)));
        List<String> deletes =
                jobs(customers, CustomerEvent.deletion(1, "ana", 2), CustomerEvent.of(1, "bia", "Bia", 1));
        assertThat(deletes).hasSizeGreaterThan(3);
        assertThat(customers.rows()).containsExactly("1 bia Bia 1");
        assertThat(customers.feed()).isEqualTo(customers.rows());
    }

    private static List<String> jobs(CustomerLake customers, CustomerEvent... events) throws Exception {
        customers.send(List.of(events));
        customers.land();
        Lake lake = customers.open(Step.Listener.NONE);
        return StartedJobs.of(local.spark(), () -> customers.build(lake, Publishing.NONE));
    }

    /** What all captured changes say of their logs is written without a job, too. */
    @Test
    void remembersMoreOfLogsWithoutAJob() throws Exception {
        CaptureLake orders = new CaptureLake(local, "captured_jobs_", CaptureLake.current());
        orders.take(List.of(
                CaptureTest.told("shop", "r", "k1", "null", 10, "last", 1),
                CaptureTest.told("shop", "c", "k2", "null", 18, "false", 2),
                CaptureTest.told("shop", "u", "k1", "20", 28, "false", 3)));
        orders.take(List.of(CaptureTest.told("shop", "u", "k1", "100", 108, "false", 10)));
        List<String> more = jobs(orders, CaptureTest.told("shop", "u", "k2", "200", 208, "false", 20));
        // Neither the first nor the last of anything.
        List<String> nothing = jobs(orders, CaptureTest.told("shop", "u", "k1", "150", 158, "false", 15));
        assertThat(more).isNotEmpty().hasSameSizeAs(nothing);
        assertThat(orders.rows()).containsExactly("k1 u15 t1", "k2 u20 t1");
    }

    private static List<String> jobs(CaptureLake orders, String envelope) throws Exception {
        orders.land(List.of(envelope));
        return StartedJobs.of(local.spark(), orders::build);
    }

    @Test
    void seesFilesThatAnotherProcessHasWritten() throws Exception {
        CustomerLake customers = new CustomerLake(local, "processes_");
        CustomerLake others = customers.redefined(CustomerTables.customers());
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 1), CustomerEvent.of(1, "bia", "Bia", 1)));
        for (int sequence = 2; sequence < 6; sequence += 2) {
            customers.take(List.of(CustomerEvent.of(1, "ana", "A", sequence)));
            others.take(
                    List.of(CustomerEvent.of(1, "ana", "B", sequence + 1), CustomerEvent.of(sequence, "eva", "E", 1)));
        }
        customers.take(List.of(CustomerEvent.of(1, "ana", "C", 6), CustomerEvent.deletion(4, "eva", 2)));
        assertThat(customers.rows()).containsExactly("1 ana C 6", "1 bia Bia 1", "2 eva E 1");
        assertThat(customers.feed()).isEqualTo(customers.rows());
    }

    /** A file of which all rows are hidden is removed, and a version later one that has a deletion vector already gets a greater one. */
    @Test
    void knowsFilesThatChange() throws Exception {
        CustomerLake customers = new CustomerLake(local, "vectors_");
        customers.take(List.of(
                CustomerEvent.of(1, "ana", "Ana", 1),
                CustomerEvent.of(1, "bia", "Bia", 1),
                CustomerEvent.of(1, "caio", "Caio", 1)));
        for (int sequence = 2; sequence < 6; sequence++) {
            customers.take(List.of(CustomerEvent.of(1, "ana", "A" + sequence, sequence)));
        }
        customers.take(List.of(CustomerEvent.deletion(1, "bia", 2)));
        customers.take(List.of(CustomerEvent.of(1, "caio", "C", 2)));
        assertThat(customers.rows()).containsExactly("1 ana A5 5", "1 caio C 2");
        assertThat(customers.feed()).isEqualTo(customers.rows());
    }
}
