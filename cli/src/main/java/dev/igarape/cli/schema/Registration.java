package dev.igarape.cli.schema;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.RegisteredSchema;
import dev.igarape.wire.registry.RegistryUnavailableException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.registry.SchemaRegistryException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * The result of registering several schemas. A registry takes one at a time, so it stops at the first that fails.
 *
 * @param registered by subject, in order
 * @param failure says what failed, what was registered and what was not; empty when all were registered
 */
public record Registration(Map<String, RegisteredSchema> registered, Optional<LakeException> failure) {
    /**
     * Registers the schemas, in order.
     *
     * @param schemas by subject; registering one again changes nothing
     */
    public static Registration of(Map<String, Schema> schemas, SchemaRegistryClient registry) {
        Map<String, RegisteredSchema> registered = new LinkedHashMap<>();
        for (Map.Entry<String, Schema> schema : schemas.entrySet()) {
            String subject = schema.getKey();
            try {
                registry.register(subject, schema.getValue());
                registered.put(subject, registry.latest(subject));
            } catch (SchemaRegistryException e) {
                return new Registration(registered, Optional.of(failure(schemas, registered, e)));
            }
        }
        return new Registration(registered, Optional.empty());
    }

    private static LakeException failure(
            Map<String, Schema> schemas, Map<String, RegisteredSchema> registered, SchemaRegistryException cause) {
        String done = registered.isEmpty()
                ? "none"
                : registered.values().stream()
                        .map(schema -> "%s (version %d)".formatted(schema.subject(), schema.version()))
                        .collect(Collectors.joining(", "));
        String open = schemas.keySet().stream()
                .filter(subject -> !registered.containsKey(subject))
                .collect(Collectors.joining(", "));
        boolean down = cause instanceof RegistryUnavailableException;
        return new LakeException(
                down ? ExitCode.UNAVAILABLE : ExitCode.DEFINITION,
                "%s%nRegistered: %s. Not registered: %s.%s Mend this and run the command again: what is registered stays as it is."
                        .formatted(
                                cause.getMessage(),
                                done,
                                open,
                                down ? " Whether the first of these was, the registry did not tell." : ""),
                cause);
    }
}
