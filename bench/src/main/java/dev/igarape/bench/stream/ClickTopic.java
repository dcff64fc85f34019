package dev.igarape.bench.stream;

import dev.igarape.model.targets.Target;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A topic of clicks of one run's own, with its schema; deleted when closed. */
public record ClickTopic(Target target, String name) implements AutoCloseable {
    private static final int PARTITIONS = 4;

    /** As in the pipeline {@code clickstream}. */
    public static final Schema SCHEMA = SchemaBuilder.record("AppClickstream")
            .namespace("dev.igarape.events")
            .fields()
            .requiredString("username")
            .requiredString("page")
            .requiredString("event_name")
            .name("event_time")
            .type(new Schema.Parser().parse("{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}"))
            .noDefault()
            .endRecord();

    /** Creates a topic that was not there before. */
    public static ClickTopic create(Target target, String purpose) {
        ClickTopic topic = new ClickTopic(target, "bench." + purpose + "." + System.currentTimeMillis());
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry());
                Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            registry.register(topic.subject(), SCHEMA);
            admin.createTopics(Set.of(new NewTopic(topic.name(), PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Cannot create topic " + topic.name(), e);
        }
        return topic;
    }

    private String subject() {
        return name + "-value";
    }

    @Override
    public void close() {
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry());
                Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            registry.deleteSubject(subject());
            admin.deleteTopics(Set.of(name)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw new IllegalStateException("Cannot delete topic " + name, e);
            }
        }
    }
}
