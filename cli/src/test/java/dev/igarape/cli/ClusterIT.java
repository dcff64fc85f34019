package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.demo.checked.HdfsFiles;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.ProcessTable;
import dev.igarape.cli.stack.TargetFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The profile {@code cluster}, with the data of a stack of the profile {@code local}. */
@EnabledIfSystemProperty(named = "igarape.cluster", matches = "true")
final class ClusterIT {
    private static final String TOPIC = "kept";
    private static final int RECORDS = 100;

    @TempDir
    private Path folder;

    private CommandLineHarness lake;

    @AfterEach
    void stop() {
        lake.run("down");
    }

    @Test
    void filesAndTopicsMoveToAClusterAndGetReplicas() throws Exception {
        lake = new CommandLineHarness(folder.resolve("state"));
        withoutClassData();
        lake.succeed("up", "--only", "storage,kafka");
        hdfs().put("/lake/kept/a.txt", "kept".getBytes(StandardCharsets.UTF_8));
        try (Admin admin = Admin.create(kafka())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(4), Optional.empty())))
                    .all()
                    .get();
        }
        send();
        TopicDescription before = topic();
        assertThat(replicas(before)).containsOnly(1);
        assertThat(file().body().path("FileStatus").path("replication").asInt()).isEqualTo(1);

        CommandLineHarness.Outcome running = lake.run("up", "--profile", "cluster");
        assertThat(running.status()).isEqualTo(2);
        assertThat(running.err()).contains("The stack runs with the profile local", "./lake down");
        lake.succeed("down");
        CommandLineHarness.Outcome unasked = lake.run("up", "--profile", "cluster");
        assertThat(unasked.status()).isEqualTo(2);
        assertThat(unasked.err()).contains("This stack has the profile local", "with --move");
        lake.succeed("up", "--profile", "cluster", "--move", "--only", "storage,kafka");

        TopicDescription after = topic();
        assertThat(after.topicId()).isEqualTo(before.topicId());
        assertThat(replicas(after)).containsOnly(3);
        assertThat(setting("min.insync.replicas")).isEqualTo("2");
        assertThat(records()).isEqualTo(RECORDS);
        assertThat(file().body().path("FileStatus").path("replication").asInt()).isEqualTo(2);
        assertThat(file().body().path("FileStatus").path("length").asInt()).isEqualTo(4);
        send();
        assertThat(records()).isEqualTo(2 * RECORDS);

        // Without an option it stays a cluster; and no data are left behind on nodes that would not be there any more.
        assertThat(lake.succeed("up", "--only", "storage,kafka").err()).doesNotContain("Started", "Replicating");
        Map<String, ProcessTable.Entry> nodes = processes();
        assertThat(nodes)
                .containsOnlyKeys(
                        "namenode",
                        "datanode-1",
                        "datanode-2",
                        "datanode-3",
                        "metastore",
                        "kafka-1",
                        "kafka-2",
                        "kafka-3");
        lake.succeed("down");
        assertThat(nodes.values()).noneMatch(ProcessTable.Entry::alive);
        CommandLineHarness.Outcome back = lake.run("up", "--profile", "local", "--move");
        assertThat(back.status()).isEqualTo(2);
        assertThat(back.err()).contains("local has fewer nodes than its data are on");
    }

    /** No job runs here that would start faster with it, so it need not be made. */
    private void withoutClassData() throws IOException {
        Path archive =
                Files.createDirectories(lake.workspace().state().resolve("lib")).resolve("jobs.jsa");
        Files.createFile(archive);
        Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
    }

    private String webHdfs() {
        return "http://127.0.0.1:" + lake.file("ports.json").get("hdfs-http");
    }

    private HdfsFiles hdfs() {
        return new HdfsFiles(webHdfs(), System.getProperty("user.name"));
    }

    private JsonClient.Response file() {
        return JsonClient.to("HDFS", webHdfs()).get("/webhdfs/v1/lake/kept/a.txt?op=GETFILESTATUS");
    }

    private Map<String, Object> kafka() {
        return new HashMap<>(TargetFile.read(lake.workspace()).kafka());
    }

    private void send() throws Exception {
        Map<String, Object> properties = kafka();
        properties.put("acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(TOPIC, Integer.toString(i), "value " + i)));
            }
            for (Future<?> record : sent) {
                record.get();
            }
        }
    }

    private TopicDescription topic() throws Exception {
        try (Admin admin = Admin.create(kafka())) {
            return admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC);
        }
    }

    /** What holds for the topic, whoever has said it. */
    private String setting(String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        try (Admin admin = Admin.create(kafka())) {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(name)
                    .value();
        }
    }

    /** How many brokers have each partition as it is. */
    private static List<Integer> replicas(TopicDescription topic) {
        return topic.partitions().stream()
                .map(TopicPartitionInfo::isr)
                .map(List::size)
                .toList();
    }

    private long records() throws Exception {
        long records = 0;
        try (Admin admin = Admin.create(kafka())) {
            for (TopicPartitionInfo partition : topic().partitions()) {
                TopicPartition place = new TopicPartition(TOPIC, partition.partition());
                records += admin.listOffsets(Map.of(place, OffsetSpec.latest()))
                        .partitionResult(place)
                        .get()
                        .offset();
            }
        }
        return records;
    }

    /** Those of all servers, by their node's name in the status. */
    private Map<String, ProcessTable.Entry> processes() {
        Map<String, ProcessTable.Entry> processes = new TreeMap<>();
        lake.succeed("status", "--output", "json").json().path("servers").forEach(server -> {
            String name = server.path("name").asText();
            new Daemon(name, lake.workspace().state()).leader().ifPresent(process -> processes.put(name, process));
        });
        return processes;
    }
}
