package dev.igarape.api.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A broker, a registry and the service before them. Every test takes topics of its own. */
public final class Servers implements AutoCloseable {
    /** The schema of {@code pipelines/clickstream}. */
    public static final String EVENT = """
            {"type":"record","name":"Event","namespace":"test","fields":[
             {"name":"username","type":"string"},{"name":"page","type":"string"},
             {"name":"event_name","type":{"type":"enum","name":"Name","symbols":["click","view","submit"]}},
             {"name":"event_time","type":{"type":"long","logicalType":"timestamp-millis"}},
             {"name":"clicks","type":"int","default":1},{"name":"note","type":["null","string"],"default":null}]}""";

    public static final String CLICK = """
            {"username":"ana","page":"/","event_name":"click","event_time":"2024-01-01T00:00:00Z"}""";

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final Path folder;
    private final TestingKafka kafka;
    private final TestingRegistry registry;
    private final TestingApi api;

    public Servers(Map<String, String> environment) throws IOException {
        folder = Files.createTempDirectory("igarape-api-test");
        kafka = new TestingKafka(folder);
        registry = new TestingRegistry();
        api = new TestingApi(environment(environment));
    }

    /** What a service needs to find these servers, and more. */
    public Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "SCHEMA_REGISTRY_URL", registry.url()));
        environment.putAll(more);
        return environment;
    }

    public TestingKafka kafka() {
        return kafka;
    }

    public TestingRegistry registry() {
        return registry;
    }

    public TestingApi api() {
        return api;
    }

    /** A new topic whose subject has {@link #EVENT} as its schema. */
    public String topic() {
        String topic = "events-" + NAMES.incrementAndGet();
        kafka.createTopic(topic, 1);
        registry.register(topic + "-value", EVENT);
        return topic;
    }

    @Override
    public void close() throws IOException {
        api.close();
        registry.close();
        kafka.close();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
