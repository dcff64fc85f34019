package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Lands quarantined records again: each goes where it would go if it were read from its topic now, to the file of its
 * schema and date or back to quarantine.
 */
public final class Replayer {
    private final LandingOptions options;
    private final WriterSchemas schemas;
    private final FileSystem files;

    public Replayer(LandingOptions options, WriterSchemas schemas, FileSystem files) {
        this.options = options;
        this.schemas = schemas;
        this.files = files;
    }

    /**
     * Replays one quarantine file.
     *
     * @param folder where files are written, named as in {@link RangeLander}
     * @param name prefix of the file names, different for each quarantine file of a commit
     * @return a result for each topic partition that the file has records of
     */
    public List<RangeResult> replay(Path file, Path folder, String name) throws IOException {
        Map<TopicPartition, RecordRouter> routers = new LinkedHashMap<>();
        boolean done = false;
        try (DataFileStream<GenericRecord> in =
                new DataFileStream<>(new BufferedInputStream(files.open(file), 1 << 20), new GenericDatumReader<>())) {
            for (GenericRecord row : in) {
                ConsumerRecord<byte[], byte[]> message = message(row);
                TopicPartition source = new TopicPartition(message.topic(), message.partition());
                RecordRouter router = routers.get(source);
                if (router == null) {
                    router = new RecordRouter(
                            new OffsetRange(
                                    message.topic(), message.partition(), message.offset(), message.offset() + 1),
                            name + "-" + routers.size(),
                            options,
                            schemas,
                            files,
                            folder);
                    routers.put(source, router);
                }
                router.accept(message);
            }
            List<RangeResult> results = new ArrayList<>();
            for (RecordRouter router : routers.values()) {
                results.add(router.finish(folder.toString()));
            }
            done = true;
            return results;
        } finally {
            if (!done) {
                routers.values().forEach(RecordRouter::abandon);
            }
        }
    }

    private static ConsumerRecord<byte[], byte[]> message(GenericRecord row) {
        return new ConsumerRecord<>(
                row.get("topic").toString(),
                (Integer) row.get("partition"),
                (Long) row.get("offset"),
                (Long) row.get("timestamp"),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                bytes(row.get("key")),
                bytes(row.get("value")),
                new RecordHeaders(),
                Optional.empty());
    }

    private static byte[] bytes(Object value) {
        if (value == null) {
            return null;
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
