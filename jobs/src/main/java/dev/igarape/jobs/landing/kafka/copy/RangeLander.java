package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Lands ranges of offsets, one after the other, with one consumer. Files of a range, below the folder given with it:
 *
 * <pre>
 * date=2024-01-01/part-(topic)-(partition)-(from)-(n)-(schema id).avro
 * _quarantine/date=2024-01-01/part-(topic)-(partition)-(from)-(n).avro       by the date of the Kafka timestamp
 * </pre>
 *
 * Not thread-safe.
 */
public final class RangeLander implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final LandingOptions options;
    private final int stallSeconds;
    private final WriterSchemas schemas;
    private final String server;
    private final Consumers consumers;
    private final Map<String, Object> settings;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private boolean failed;

    /** @param kafka client properties, at least {@code bootstrap.servers} */
    public RangeLander(Map<String, String> kafka, LandingOptions options, WriterSchemas schemas) {
        this(kafka, options, schemas, new Consumers());
        // Keeps none: its consumer is closed when it is given back.
        consumers.close();
    }

    /** @param consumers from which it takes its consumer, and to which it gives it back unless a landing has failed */
    RangeLander(Map<String, String> kafka, LandingOptions options, WriterSchemas schemas, Consumers consumers) {
        this.options = options;
        this.stallSeconds = options.bounds().stallSeconds();
        this.schemas = schemas;
        this.server = kafka.getOrDefault(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "(no bootstrap.servers)");
        this.consumers = consumers;
        this.settings = ConsumerSettings.of(kafka, options.bounds());
        try {
            this.consumer = consumers.take(settings);
        } catch (KafkaException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot read from Kafka at " + server + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage()
                            + ". Correct the target's kafka properties.",
                    e);
        }
    }

    /**
     * Lands one range completely, into a folder of its own.
     *
     * @throws LakeException UNAVAILABLE if the consumer makes no progress, the registry does not answer or the files
     *     can't be written; EXPECTATION if the offsets have expired; DEFINITION if reading the topic is not allowed. The
     *     folder's content must not be used then
     */
    public RangeResult land(OffsetRange range, FileSystem fs, Path folder) {
        RecordRouter router = new RecordRouter(range, options, schemas, fs, folder);
        boolean done = false;
        try {
            consume(range, router);
            RangeResult result = router.finish(folder.toString());
            done = true;
            return result;
        } catch (IOException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    problem(range) + "cannot write to " + folder + ": " + e.getMessage() + ". Check the file system.",
                    e);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw explain(range, e);
        } finally {
            if (!done) {
                failed = true;
                router.abandon();
            }
        }
    }

    /**
     * Polls until the position has passed the range. The position decides, because aborted records, transaction markers
     * and compaction leave offsets without records.
     */
    private void consume(OffsetRange range, RecordRouter router) throws IOException {
        TopicPartition partition = new TopicPartition(range.topic(), range.partition());
        consumer.assign(List.of(partition));
        consumer.seek(partition, range.from());
        long position = range.from();
        long movedAt = System.nanoTime();
        while (position < range.until()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> message : records.records(partition)) {
                if (message.offset() >= range.until()) {
                    break;
                }
                router.accept(message);
            }
            long reached = consumer.position(partition);
            if (reached > position) {
                position = reached;
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > TimeUnit.SECONDS.toNanos(stallSeconds)) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        problem(range) + "the broker at " + server + " gave nothing for "
                                + stallSeconds + " s at offset " + position + ", "
                                + (range.until() - position) + " before the end. Start it, or check its log.");
            }
        }
        consumer.assign(List.of());
    }

    private LakeException explain(OffsetRange range, KafkaException failure) {
        if (failure instanceof OffsetOutOfRangeException) {
            return new LakeException(
                    ExitCode.EXPECTATION,
                    problem(range) + "the offsets are not there any more; Kafka has expired them, or the topic was"
                            + " created anew, since the landing began. Run again to see what is missing.",
                    failure);
        }
        if (failure instanceof AuthorizationException || failure instanceof AuthenticationException) {
            return new LakeException(
                    ExitCode.DEFINITION,
                    problem(range) + "the broker at " + server + " refuses: " + failure.getMessage()
                            + " Check the target's kafka properties and the topic's rights.",
                    failure);
        }
        return new LakeException(
                ExitCode.UNAVAILABLE,
                problem(range) + "reading from " + server + " failed: " + failure.getMessage()
                        + " Check the broker's log and run again.",
                failure);
    }

    private static String problem(OffsetRange range) {
        return "Cannot land `" + range.topic() + "`, partition " + range.partition() + ", offsets " + range.from()
                + " until " + range.until() + ": ";
    }

    @Override
    public void close() {
        if (failed) {
            Consumers.discard(consumer);
        } else {
            consumers.giveBack(settings, consumer);
        }
    }
}
