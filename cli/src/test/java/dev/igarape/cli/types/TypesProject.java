package dev.igarape.cli.types;

import dev.igarape.cli.e2e.LakeCommand;
import dev.igarape.cli.e2e.WebHdfs;
import dev.igarape.model.Json;
import dev.igarape.model.Target;
import dev.igarape.wire.AvroSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A project, in a zone that is not UTC, whose tables hold a row for each extreme value of each type of each source. */
final class TypesProject {
    static final List<TypedSource> SOURCES =
            List.of(AvroTypes.source(), PostgresTypes.source(), TextTypes.csv(), TextTypes.json());
    static final String DAY = "2024-01-15";
    static final String PREFIX = "types_";
    private static final int LARGEST = 16 << 20;

    private final LakeCommand lake;
    private final Path state;
    private final Path folder;

    TypesProject(LakeCommand lake, Path state, Path folder) {
        this.lake = lake;
        this.state = state;
        this.folder = folder;
    }

    /** Fills the sources and builds all tables. */
    void build() throws Exception {
        write("targets.yaml", """
                types:
                  extends: local
                  prefix: %s
                  variables: {SHOP_DB: "jdbc:postgresql://127.0.0.1:%s/shop", SHOP_PASSWORD: "%s"}
                """.formatted(PREFIX, json("ports.json").get("postgres"), password()));
        write("pipelines/types/pipeline.yaml", """
                pipeline: types
                owner: tests
                schedule: none
                start_date: 2024-01-01
                timezone: America/Sao_Paulo
                tables:
                  raw.avro_types:
                    landing: {kafka: {topics: [types]}}
                  raw.csv_types:
                    landing: {files: {path: "/landing/types/{date}/*.csv", format: csv}}
                  raw.json_types:
                    landing: {files: {path: "/landing/types/{date}/*.json", format: json}}
                  raw.postgresql_types:
                    landing: {jdbc: {url: "${SHOP_DB}", user: lake, password: "${SHOP_PASSWORD}", table: types}}
                """);
        for (TypedSource source : SOURCES) {
            append(source.builtTable(), source.builtSql());
            append(source.seenTable(), source.seenSql());
        }
        fillTopic();
        fillTable();
        WebHdfs hdfs = WebHdfs.of(state);
        hdfs.put("/landing/types/" + DAY + "/types.csv", TextTypes.csvFile().getBytes(StandardCharsets.UTF_8));
        hdfs.put("/landing/types/" + DAY + "/types.json", TextTypes.jsonFile().getBytes(StandardCharsets.UTF_8));
        lake.in(folder)
                .run("run", "types", "--date", DAY, "--project", folder.toString(), "--target", "types")
                .succeeded();
    }

    private void append(String table, String sql) throws IOException {
        String file = table.replace('.', '_') + ".sql";
        write("pipelines/types/" + file, sql + "\n");
        Path pipeline = folder.resolve("pipelines/types/pipeline.yaml");
        Files.writeString(pipeline, Files.readString(pipeline) + "  " + table + ":\n    daily: {sql: " + file + "}\n");
    }

    private void fillTopic() throws Exception {
        Target target = Json.mapper().readValue(state.resolve("target.json").toFile(), Target.class);
        Map<String, Object> properties = new HashMap<>(target.kafka());
        try (Admin admin = Admin.create(properties)) {
            NewTopic topic = new NewTopic("types", 1, (short) 1)
                    .configs(Map.of("max.message.bytes", Integer.toString(LARGEST), "retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get();
        }
        properties.put("max.request.size", LARGEST);
        properties.putAll(target.registry());
        AvroSerializer serializer = new AvroSerializer();
        serializer.configure(properties, false);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            long noon = Instant.parse(DAY + "T12:00:00Z").toEpochMilli();
            for (String row : AvroTypes.source().rows()) {
                byte[] value = serializer.serialize("types", AvroTypes.value(row));
                producer.send(new ProducerRecord<>("types", 0, noon, null, value))
                        .get();
            }
        }
        serializer.close();
    }

    private void fillTable() throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + json("ports.json").get("postgres") + "/shop";
        try (Connection connection = DriverManager.getConnection(url, "lake", password());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS types");
            statement.execute(PostgresTypes.table("types"));
        }
    }

    private String password() throws IOException {
        return json("credentials.json").get("postgres/lake").toString();
    }

    private Map<?, ?> json(String file) throws IOException {
        return Json.mapper().readValue(state.resolve(file).toFile(), Map.class);
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
