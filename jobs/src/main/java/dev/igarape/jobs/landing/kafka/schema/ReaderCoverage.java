package dev.igarape.jobs.landing.kafka.schema;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Resolver;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/**
 * Checks that a reader schema reads every value of a writer schema with all its fields, by Avro's schema resolution.
 */
final class ReaderCoverage {
    private final Set<Resolver.Action> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private ReaderCoverage() {}

    /** What the reader does not read; empty if it reads everything. */
    static Optional<String> unread(Schema writer, Schema reader) {
        return new ReaderCoverage().walk(Resolver.resolve(writer, reader, new GenericData()));
    }

    private Optional<String> walk(Resolver.Action action) {
        if (!seen.add(action)) {
            return Optional.empty();
        }
        if (action instanceof Resolver.ErrorAction error) {
            return Optional.of(error.toString());
        }
        if (action instanceof Resolver.Skip) {
            return action.writer.getType() == Schema.Type.NULL
                    ? Optional.empty()
                    : Optional.of("a field of type " + action.writer + " would be left out");
        }
        if (action instanceof Resolver.RecordAdjust record) {
            return first(record.fieldActions);
        }
        if (action instanceof Resolver.WriterUnion union) {
            return first(union.actions);
        }
        if (action instanceof Resolver.ReaderUnion union) {
            return walk(union.actualAction);
        }
        if (action instanceof Resolver.Container container) {
            return walk(container.elementAction);
        }
        return Optional.empty();
    }

    private Optional<String> first(Resolver.Action... actions) {
        for (Resolver.Action action : actions) {
            Optional<String> unread = walk(action);
            if (unread.isPresent()) {
                return unread;
            }
        }
        return Optional.empty();
    }
}
