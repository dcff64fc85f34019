package dev.igarape.wire.serde;

import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;

/** Strategies for the subject of a message's schema, by Confluent's names. */
enum SubjectNameStrategy {
    /** {@code <topic>-key} or {@code <topic>-value}. */
    TOPIC_NAME("TopicNameStrategy") {
        @Override
        String subject(String topic, boolean key, Schema schema) {
            return topic + (key ? "-key" : "-value");
        }
    },
    /** The record's full name. */
    RECORD_NAME("RecordNameStrategy") {
        @Override
        String subject(String topic, boolean key, Schema schema) {
            return fullName(topic, schema);
        }
    },
    /** {@code <topic>-<the record's full name>}. */
    TOPIC_RECORD_NAME("TopicRecordNameStrategy") {
        @Override
        String subject(String topic, boolean key, Schema schema) {
            return topic + "-" + fullName(topic, schema);
        }
    };

    private static final String CONFLUENT = "io.confluent.kafka.serializers.subject.";

    private final String className;

    SubjectNameStrategy(String className) {
        this.className = className;
    }

    abstract String subject(String topic, boolean key, Schema schema);

    /** @param value Confluent's class or its name, with or without package; or {@code TopicName} and so on */
    static SubjectNameStrategy of(String setting, Object value) {
        String name = value instanceof Class<?> type
                ? type.getName()
                : value.toString().trim();
        String simple = name.startsWith(CONFLUENT) ? name.substring(CONFLUENT.length()) : name;
        for (SubjectNameStrategy strategy : values()) {
            String shortName = strategy.className.replace("Strategy", "");
            if (simple.equals(strategy.className)
                    || simple.toLowerCase(Locale.ROOT).equals(shortName.toLowerCase(Locale.ROOT))) {
                return strategy;
            }
        }
        throw new ConfigException(
                setting,
                name,
                "Supported are " + CONFLUENT + "TopicNameStrategy, RecordNameStrategy and TopicRecordNameStrategy.");
    }

    private static String fullName(String topic, Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new SerializationException("Cannot name the subject of a message of `" + topic
                    + "`: the strategy wants a record, but the schema is of type "
                    + schema.getType().getName() + ". Use TopicNameStrategy.");
        }
        return schema.getFullName();
    }
}
