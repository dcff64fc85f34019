package dev.igarape.wire.registry;

import java.util.List;

/**
 * The result of a compatibility check of a schema.
 *
 * @param messages the registry's reasons, if it gives any
 */
public record CompatibilityResult(boolean compatible, List<String> messages) {
    public CompatibilityResult {
        messages = List.copyOf(messages);
    }
}
