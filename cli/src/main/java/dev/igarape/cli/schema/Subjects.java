package dev.igarape.cli.schema;

import dev.igarape.cli.project.Project;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The subjects whose schemas a project declares. */
public final class Subjects {
    private final List<Subject> subjects = new ArrayList<>();

    public Subjects(Project project, Manifest manifest) {
        for (Pipeline pipeline : manifest.pipelines()) {
            for (Table table : pipeline.tables()) {
                List<String> topics = table.definition()
                        .kafka()
                        .filter(kafka -> kafka.format().equals("avro"))
                        .map(Source.Kafka::topics)
                        .orElse(List.of());
                for (String topic : topics) {
                    Path file = project.pipeline(pipeline.name()).resolve(topic + ".avsc");
                    if (Files.exists(file)) {
                        subjects.add(new Subject(topic + "-value", pipeline.name(), file, table.name()));
                    }
                }
            }
        }
    }

    /**
     * Selects subjects by name, or all of a pipeline by the pipeline's.
     *
     * @throws LakeException (USAGE) for an unknown name, (DEFINITION) for a subject with different schemas
     */
    public List<Subject> named(List<String> names) {
        List<Subject> found = new ArrayList<>();
        for (String name : names) {
            List<Subject> named = subjects.stream()
                    .filter(subject ->
                            subject.name().equals(name) || subject.pipeline().equals(name))
                    .toList();
            if (named.isEmpty()) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "No subject or pipeline '%s' has a schema <topic>.avsc beside its pipeline.yaml. Subjects: %s."
                                .formatted(
                                        name,
                                        subjects.isEmpty()
                                                ? "none"
                                                : subjects.stream()
                                                        .map(Subject::name)
                                                        .distinct()
                                                        .collect(Collectors.joining(", "))));
            }
            named.stream().filter(subject -> !found.contains(subject)).forEach(found::add);
        }
        requireOneSchemaEach(found);
        return List.copyOf(found);
    }

    /** Two files for one subject would be registered as two versions, and neither is checked against the other. */
    private static void requireOneSchemaEach(List<Subject> found) {
        Map<String, Subject> first = new HashMap<>();
        for (Subject subject : found) {
            Subject other = first.putIfAbsent(subject.name(), subject);
            if (other != null && !other.schema().equals(subject.schema())) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        "Subject %s has two schemas: %s and %s. Make them equal, or remove one of the files."
                                .formatted(subject.name(), other.file(), subject.file()));
            }
        }
    }
}
