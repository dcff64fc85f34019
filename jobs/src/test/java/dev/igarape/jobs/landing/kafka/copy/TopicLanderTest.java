package dev.igarape.jobs.landing.kafka.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.landing.kafka.offsets.BrokerOffsets;
import dev.igarape.jobs.landing.kafka.offsets.LandedOffsets;
import dev.igarape.jobs.landing.kafka.offsets.OffsetPlan;
import dev.igarape.jobs.landing.kafka.offsets.OffsetPlanner;
import dev.igarape.jobs.landing.kafka.offsets.StartPolicy;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.LandingLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestServers.class)
@Timeout(600)
class TopicLanderTest {
    private static final int MESSAGES = 4000;
    private static final RangeRunner FORBIDDEN = (job, ranges) -> {
        throw new AssertionError("asked to land " + ranges);
    };

    private static TestingKafka kafka;
    private static OffsetPlan plan;

    private final Consumers consumers = new Consumers();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        consumers.close();
    }

    @BeforeAll
    static void fillTopic(TestingKafka broker) {
        kafka = broker;
        kafka.createTopic("orders", 3, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
            for (int i = 0; i < MESSAGES; i++) {
                byte[] value = i % 100 == 0 ? new byte[] {0} : Orders.v1(i, 86_400_000L * (i % 3));
                producer.send(new ProducerRecord<>("orders", i % 3, null, value));
            }
        }
        plan = new OffsetPlanner(300, Long.MAX_VALUE, false)
                .plan(
                        new BrokerOffsets(kafka.properties(), Duration.ofSeconds(20))
                                .read("orders", new StartPolicy.Earliest()),
                        LandedOffsets.none());
    }

    @Test
    void landsSmallPlansInThisProcess() {
        RangeRunner local = new LocalRunner(new Configuration(), 2, consumers);

        LandingResult result =
                new TopicLander(local, () -> FORBIDDEN, MESSAGES).land(job(Orders::schemas), plan.ranges());

        assertWhole(result);
    }

    @Test
    void keepsItsConsumersForTheNextLanding() throws Exception {
        RangeRunner local = new LocalRunner(new Configuration(), 2, consumers);
        TopicLander lander = new TopicLander(local, () -> FORBIDDEN, MESSAGES);
        Set<ObjectName> before = openConsumers();
        lander.land(job(Orders::schemas), plan.ranges());
        Set<ObjectName> kept = openConsumers();
        kept.removeAll(before);
        assertThat(kept).isNotEmpty();

        assertWhole(lander.land(job(Orders::schemas, folder.resolve("next")), plan.ranges()));
        Set<ObjectName> after = openConsumers();
        after.removeAll(before);
        assertThat(after).isEqualTo(kept);

        consumers.close();
        assertThat(openConsumers()).doesNotContainAnyElementsOf(kept);
    }

    /** A consumer that has failed may be in any state. */
    @Test
    void keepsNoConsumerThatHasFailed() throws Exception {
        RangeRunner local = new LocalRunner(new Configuration(), 1, consumers);
        Set<ObjectName> before = openConsumers();

        assertThatThrownBy(() -> local.land(job(TopicLanderTest::broken), plan.ranges()))
                .hasMessage("no registry");
        assertThat(openConsumers()).isEqualTo(before);
    }

    private static Set<ObjectName> openConsumers() throws Exception {
        return new HashSet<>(ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("kafka.consumer:type=app-info,*"), null));
    }

    @Test
    void landsLargePlansWithSpark(TestingSpark spark) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(spark.newSession().sparkContext());
        TopicLander lander = new TopicLander(FORBIDDEN, () -> new SparkRunner(context), MESSAGES - 1);

        assertWhole(lander.land(job(Orders::schemas), plan.ranges()));
        assertThatThrownBy(() -> lander.land(job(TopicLanderTest::broken), plan.ranges()))
                .isInstanceOf(LakeException.class)
                .hasMessage("no registry")
                .satisfies(e -> assertThat(((LakeException) e).exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
    }

    @Test
    void removesWhatAFailedAttemptWrote() throws IOException {
        RangeRunner local = new LocalRunner(new Configuration(), 2, consumers);

        assertThatThrownBy(() -> local.land(job(TopicLanderTest::broken), plan.ranges()))
                .hasMessage("no registry");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void landsNothingWhereThereIsNothing() {
        RangeRunner local = new LocalRunner(new Configuration(), 2, consumers);

        assertThat(new TopicLander(local, () -> FORBIDDEN, 1)
                        .land(job(Orders::schemas), List.of())
                        .read())
                .isZero();
    }

    private static WriterSchemas broken() {
        return id -> {
            throw new LakeException(ExitCode.UNAVAILABLE, "no registry");
        };
    }

    private LandingJob job(WriterSchemas.Factory schemas) {
        return job(schemas, folder);
    }

    private static LandingJob job(WriterSchemas.Factory schemas, Path output) {
        LandingOptions options =
                LandingOptions.of(ValueFormat.AVRO, Optional.of("at"), ZoneId.of("UTC"), LandingLimits.DEFAULT);
        return new LandingJob(
                kafka.properties(), options, schemas, output.toUri().toString());
    }

    private static void assertWhole(LandingResult result) {
        assertThat(plan.ranges()).hasSizeGreaterThan(10);
        assertThat(result.read()).isEqualTo(MESSAGES);
        assertThat(result.quarantined()).isEqualTo(MESSAGES / 100);
        assertThat(result.written()).isEqualTo(MESSAGES - MESSAGES / 100);
        Set<Object> ids = new HashSet<>();
        for (RangeResult range : result.ranges()) {
            for (GenericRecord row : LandedRows.read(range, range.files())) {
                ids.add(((GenericRecord) row.get("value")).get("id"));
            }
            LandedRows.read(range, range.quarantineFiles());
        }
        assertThat(ids).hasSize(MESSAGES - MESSAGES / 100);
    }
}
