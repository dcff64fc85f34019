package dev.igarape.bench.landing;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.jobs.lake.HadoopSettings;
import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.mapred.FsInput;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The lower bound: the same bytes in Avro blocks, neither checked nor dated nor in an envelope. */
record RawLanding(SparkSession spark, ScratchTarget scratch, ClickTopic topic, LandingOptions options, String codec)
        implements Candidate {
    @Override
    public String name() {
        return "raw bytes, " + codec;
    }

    private String folder() {
        return scratch.folder("raw-" + codec);
    }

    @Override
    public void run(int round) {
        Map<String, Object> consumer = new HashMap<>(scratch.target().kafka());
        consumer.put("receive.buffer.bytes", 1 << 20);
        consumer.put("fetch.max.bytes", options.bounds().fetchBytes());
        consumer.put("max.partition.fetch.bytes", options.bounds().fetchBytes());
        consumer.put("max.poll.records", 2_000);
        consumer.put("enable.auto.commit", false);
        Copy copy = new Copy(new HashMap<>(consumer), options.bounds().blockBytes(), codec, folder());
        List<OffsetRange> ranges = new ArrayList<>(topic.ranges());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Integer> numbers = new ArrayList<>(List.of(0, 1, 2, 3));
        context.parallelize(numbers, numbers.size())
                .map(number -> copy.run(ranges.get(number)))
                .collect();
    }

    /** The work of one task. */
    private record Copy(HashMap<String, Object> consumer, int blockBytes, String codec, String folder)
            implements java.io.Serializable {
        long run(OffsetRange range) throws IOException {
            Schema schema = Schema.create(Schema.Type.BYTES);
            FileSystem files = FileSystem.get(URI.create(folder), HadoopSettings.load());
            TopicPartition source = new TopicPartition(range.topic(), range.partition());
            long rows = 0;
            try (KafkaConsumer<byte[], byte[]> messages =
                            new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                    DataFileWriter<Object> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
                writer.setCodec(
                        codec.equals("none") ? CodecFactory.nullCodec() : CodecFactory.zstandardCodec(3, false, true));
                writer.setSyncInterval(blockBytes);
                writer.create(schema, files.create(new Path(folder, "part-" + range.partition() + ".avro")));
                messages.assign(List.of(source));
                messages.seekToBeginning(List.of(source));
                while (rows < range.size()) {
                    for (ConsumerRecord<byte[], byte[]> message : messages.poll(Duration.ofMillis(500))) {
                        writer.append(ByteBuffer.wrap(message.value()));
                        rows++;
                    }
                }
            }
            return rows;
        }
    }

    /** Decodes the messages first, so that the checksum compares with those of the others. */
    @Override
    public Checksum checksum(int round) throws IOException {
        String folder = folder();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Dataset<Row> messages = spark.createDataFrame(
                context.parallelize(List.of(0, 1, 2, 3), 4).flatMap(number -> read(folder, number)),
                new StructType().add("value", DataTypes.BinaryType));
        Checksum checksum = LandedRows.checksum(LandedRows.decode(messages, topic));
        scratch.delete(folder());
        return checksum;
    }

    /** Spark's own source reads records only. */
    private static Iterator<Row> read(String folder, int partition) throws IOException {
        Path file = new Path(folder, "part-" + partition + ".avro");
        DataFileReader<ByteBuffer> messages = new DataFileReader<>(
                new FsInput(file, HadoopSettings.load()), new GenericDatumReader<>(Schema.create(Schema.Type.BYTES)));
        return StreamSupport.stream(messages.spliterator(), false)
                .map(message -> RowFactory.create(
                        (Object) java.util.Arrays.copyOfRange(message.array(), message.position(), message.limit())))
                .iterator();
    }
}
