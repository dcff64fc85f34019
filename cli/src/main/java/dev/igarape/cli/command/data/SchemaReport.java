package dev.igarape.cli.command.data;

import dev.igarape.cli.schema.SchemaChange;
import dev.igarape.cli.schema.SchemaDiff;
import dev.igarape.cli.schema.Subject;
import dev.igarape.model.job.CheckResult;
import dev.igarape.wire.registry.RegisteredSchema;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * The report on one subject: its changes and, where that was asked for, what the engines say to them and what it was
 * registered as.
 *
 * @param schema that of the subject's file
 * @param version the latest before, with which it was compared; empty where there was none
 * @param results of the engines; none where they were not asked
 */
record SchemaReport(
        Subject subject,
        Schema schema,
        Optional<Integer> version,
        List<SchemaChange> changes,
        List<CheckResult> results,
        Optional<RegisteredSchema> registered) {
    /** Compares a subject's file with the registry's latest version. */
    static SchemaReport compare(Subject subject, SchemaRegistryClient registry) {
        Schema schema = subject.schema();
        try {
            RegisteredSchema latest = registry.latest(subject.name());
            return new SchemaReport(
                    subject,
                    schema,
                    Optional.of(latest.version()),
                    SchemaDiff.of(schema, latest.schema()),
                    List.of(),
                    Optional.empty());
        } catch (SchemaNotFoundException e) {
            Schema empty = Schema.createRecord(schema.getName(), "", schema.getNamespace(), false, List.of());
            return new SchemaReport(
                    subject, schema, Optional.empty(), SchemaDiff.of(schema, empty), List.of(), Optional.empty());
        }
    }

    SchemaReport withResults(List<CheckResult> checked) {
        return new SchemaReport(subject, schema, version, changes, checked, registered);
    }

    SchemaReport withRegistered(Optional<RegisteredSchema> now) {
        return new SchemaReport(subject, schema, version, changes, results, now);
    }

    /** The fields of its JSON. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("subject", subject.name());
        map.put("table", subject.table().toString());
        map.put("file", subject.file().toString());
        version.ifPresent(number -> map.put("compared_with", number));
        map.put("changes", changes);
        if (!results.isEmpty()) {
            map.put("checks", results);
        }
        registered.ifPresent(now -> {
            map.put("version", now.version());
            map.put("id", now.id());
        });
        return map;
    }

    void print(PrintWriter out) {
        out.printf(
                "%s in %s, compared with %s:%n",
                subject.name(),
                subject.table(),
                version.map(number -> "version " + number).orElse("nothing, as it is new"));
        if (changes.isEmpty()) {
            out.println("  nothing has changed");
        }
        changes.forEach(change -> print(change.type().toString(), change.field(), change.description(), out));
        results.forEach(result -> print(result.ok() ? "ok" : "REFUSED", result.engine(), result.reason(), out));
        registered.ifPresent(now -> out.printf("  registered as version %d, id %d%n", now.version(), now.id()));
    }

    private static void print(String what, String where, String text, PrintWriter out) {
        out.printf("  %-8s %-24s %s%n", what, where, text);
    }
}
