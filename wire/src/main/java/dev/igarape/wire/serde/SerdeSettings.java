package dev.igarape.wire.serde;

import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of serializer and deserializer, under Confluent's names and with Confluent's defaults.
 *
 * @param key whether they are for record keys, not values
 */
record SerdeSettings(
        boolean key,
        boolean autoRegister,
        boolean useLatest,
        boolean latestStrict,
        boolean logicalTypes,
        SubjectNameStrategy subjectNames) {
    static final String AUTO_REGISTER = "auto.register.schemas";
    static final String USE_LATEST = "use.latest.version";
    static final String LATEST_STRICT = "latest.compatibility.strict";
    static final String LOGICAL_TYPES = "avro.use.logical.type.converters";
    static final String SPECIFIC_READER = "specific.avro.reader";
    static final String REFLECTION = "schema.reflection";

    static SerdeSettings of(Map<String, ?> config, boolean key) {
        refuse(
                config,
                SPECIFIC_READER,
                "Only generic records are read; set it to false or use Confluent's deserializer.");
        refuse(config, REFLECTION, "Schemas by reflection are not supported; use generic or specific records.");
        String strategy = key ? "key.subject.name.strategy" : "value.subject.name.strategy";
        return new SerdeSettings(
                key,
                flag(config, AUTO_REGISTER, true),
                flag(config, USE_LATEST, false),
                flag(config, LATEST_STRICT, true),
                flag(config, LOGICAL_TYPES, false),
                config.get(strategy) == null
                        ? SubjectNameStrategy.TOPIC_NAME
                        : SubjectNameStrategy.of(strategy, config.get(strategy)));
    }

    /**
     * Returns Avro's model of data: with logical types as {@code LocalDate}, {@code BigDecimal} and so on, or plain.
     */
    GenericData model() {
        GenericData model = new GenericData();
        if (logicalTypes) {
            model.addLogicalTypeConversion(new Conversions.DecimalConversion());
            model.addLogicalTypeConversion(new Conversions.UUIDConversion());
            model.addLogicalTypeConversion(new TimeConversions.DateConversion());
            model.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
            model.addLogicalTypeConversion(new TimeConversions.TimeMicrosConversion());
            model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
            model.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
            model.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
            model.addLogicalTypeConversion(new TimeConversions.LocalTimestampMicrosConversion());
        }
        return model;
    }

    private static void refuse(Map<String, ?> config, String setting, String message) {
        if (flag(config, setting, false)) {
            throw new ConfigException(setting, true, message);
        }
    }

    private static boolean flag(Map<String, ?> config, String setting, boolean standard) {
        Object value = config.get(setting);
        if (value == null) {
            return standard;
        }
        switch (value.toString().trim()) {
            case "true":
                return true;
            case "false":
                return false;
            default:
                throw new ConfigException(setting, value, "It takes true or false.");
        }
    }
}
