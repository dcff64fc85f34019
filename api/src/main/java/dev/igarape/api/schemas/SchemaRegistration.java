package dev.igarape.api.schemas;

import dev.igarape.wire.registry.RegisteredSchema;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Registration of a schema under a subject, which gives its version. */
final class SchemaRegistration {
    private final SchemaRegistryClient registry;
    private final String subject;

    SchemaRegistration(SchemaRegistryClient registry, String subject) {
        this.registry = registry;
        this.subject = subject;
    }

    RegisteredSchema register(Schema schema) {
        int id = registry.register(subject, schema);
        Optional<RegisteredSchema> registered = find(id);
        if (registered.isEmpty()) {
            // The client remembers an id of a subject that was deleted since.
            registry.close();
            registered = find(registry.register(subject, schema));
        }
        return registered.orElseThrow(() -> new SchemaNotFoundException(
                40402, "The registry took a schema for '" + subject + "' but does not show it."));
    }

    private Optional<RegisteredSchema> find(int id) {
        try {
            RegisteredSchema latest = registry.latest(subject);
            if (latest.id() == id) {
                return Optional.of(latest);
            }
            List<Integer> versions = registry.versions(subject);
            for (int i = versions.size() - 1; i >= 0; i--) {
                RegisteredSchema version = registry.version(subject, versions.get(i));
                if (version.id() == id) {
                    return Optional.of(version);
                }
            }
            return Optional.empty();
        } catch (SchemaNotFoundException e) {
            return Optional.empty();
        }
    }
}
