package dev.igarape.wire.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * A client of Confluent's Schema Registry API, as Confluent and Apicurio (at {@code /apis/ccompat/v7}) serve it. Avro
 * only. A schema that refers to other subjects comes with their types inside; one is registered and looked up whole.
 *
 * <p>Configuration, by Confluent's names, each also with the prefix {@code schema.registry.}:
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>name</th><th>default</th></tr>
 * <tr><td>{@code schema.registry.url}</td><td>needed; several with commas: the next one when one is down</td></tr>
 * <tr><td>{@code basic.auth.credentials.source}</td><td>{@code URL}; or {@code USER_INFO}</td></tr>
 * <tr><td>{@code basic.auth.user.info}</td><td>{@code user:password}</td></tr>
 * <tr><td>{@code http.connect.timeout.ms}</td><td>10000</td></tr>
 * <tr><td>{@code http.read.timeout.ms}</td><td>30000</td></tr>
 * <tr><td>{@code max.retries}</td><td>3: on connection errors, 429 and 5xx</td></tr>
 * <tr><td>{@code retries.wait.ms}, {@code retries.max.wait.ms}</td><td>500, doubling up to 10000</td></tr>
 * <tr><td>{@code latest.cache.ttl.sec}</td><td>5; 0 asks each time, -1 keeps forever</td></tr>
 * </table>
 *
 * <p>Schemas by id, and ids by subject and schema, never change and are kept for the life of the client; only the
 * latest version of a subject expires. Thread-safe. All methods throw {@link RegistryUnavailableException} when no
 * server answers, {@link SchemaNotFoundException} for what is not there, {@link UnusableSchemaException} for a schema
 * that can't be read, and {@link SchemaRegistryException} for other refusals.
 */
public final class SchemaRegistryClient implements AutoCloseable {
    private final RegistrySettings settings;
    private final RegistryHttp http;
    private final Clock clock;
    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
    private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();
    private final Map<String, Latest> latest = new ConcurrentHashMap<>();

    /** @throws org.apache.kafka.common.config.ConfigException that names every error of the configuration */
    public SchemaRegistryClient(Map<String, ?> config) {
        this(config, Clock.systemUTC());
    }

    /** @param clock tells when a cached latest version has expired */
    public SchemaRegistryClient(Map<String, ?> config, Clock clock) {
        this.settings = RegistrySettings.of(config);
        this.http = new RegistryHttp(settings);
        this.clock = clock;
    }

    /** Returns the writer schema of messages with this id. */
    public Schema schemaById(int id) {
        Schema cached = byId.get(id);
        if (cached != null) {
            return cached;
        }
        String what = "get the schema with id " + Integer.toUnsignedString(id);
        if (id < 0) {
            throw new SchemaNotFoundException(40403, "Cannot " + what + ": registries give out ids below 2147483648.");
        }
        Schema schema = schema(get("/schemas/ids/" + id, what), what);
        Schema raced = byId.putIfAbsent(id, schema);
        return raced == null ? schema : raced;
    }

    /**
     * Makes the schema the newest version of the subject, unless it is a version of it already.
     *
     * @return its id
     * @throws IncompatibleSchemaException when the subject's compatibility forbids it
     */
    public int register(String subject, Schema schema) {
        SubjectSchema key = new SubjectSchema(subject, schema.toString());
        Integer cached = ids.get(key);
        if (cached != null) {
            return cached;
        }
        String what = "register a schema under `" + subject + "`";
        JsonNode answer = post("/subjects/" + segment(subject) + "/versions", body(schema), what);
        int id = integer(answer, "id", what);
        ids.put(key, id);
        latest.remove(subject);
        return id;
    }

    /**
     * Looks up a schema without registering it.
     *
     * @return its id
     * @throws SchemaNotFoundException when it is not a version of the subject
     */
    public int idOf(String subject, Schema schema) {
        SubjectSchema key = new SubjectSchema(subject, schema.toString());
        Integer cached = ids.get(key);
        if (cached != null) {
            return cached;
        }
        String what = "look up a schema under `" + subject + "`";
        int id = integer(post("/subjects/" + segment(subject), body(schema), what), "id", what);
        ids.put(key, id);
        return id;
    }

    /** Returns the newest version, as it was at most {@code latest.cache.ttl.sec} ago. */
    public RegisteredSchema latest(String subject) {
        Instant now = clock.instant();
        Latest cached = latest.get(subject);
        if (cached != null && now.isBefore(cached.until())) {
            return cached.schema();
        }
        RegisteredSchema fresh = fetchVersion(subject, "latest");
        latest.put(subject, new Latest(fresh, now.plus(settings.latestTtl())));
        return fresh;
    }

    /** @param version counts from 1 */
    public RegisteredSchema version(String subject, int version) {
        if (version < 1) {
            throw new SchemaNotFoundException(
                    40402, "Cannot get version " + version + " of `" + subject + "`: versions start at 1.");
        }
        return fetchVersion(subject, Integer.toString(version));
    }

    public List<String> subjects() {
        String what = "list the subjects";
        List<String> subjects = new ArrayList<>();
        for (JsonNode subject : array(get("/subjects", what), what)) {
            subjects.add(subject.asText());
        }
        return List.copyOf(subjects);
    }

    /** Returns the versions of the subject, ascending. */
    public List<Integer> versions(String subject) {
        String what = "list the versions of `" + subject + "`";
        List<Integer> versions = new ArrayList<>();
        for (JsonNode version : array(get("/subjects/" + segment(subject) + "/versions", what), what)) {
            versions.add(version.asInt());
        }
        return versions.stream().sorted().toList();
    }

    /** Asks whether the subject's compatibility lets the schema in. A subject that does not exist lets all in. */
    public CompatibilityResult check(String subject, Schema schema) {
        String what = "check a schema against `" + subject + "`";
        JsonNode answer;
        try {
            answer = post("/compatibility/subjects/" + segment(subject) + "/versions?verbose=true", body(schema), what);
        } catch (SchemaNotFoundException e) {
            return new CompatibilityResult(true, List.of());
        }
        if (!answer.path("is_compatible").isBoolean()) {
            throw unusable(what, "is_compatible");
        }
        List<String> messages = new ArrayList<>();
        answer.path("messages").forEach(message -> messages.add(message.asText()));
        return new CompatibilityResult(answer.path("is_compatible").asBoolean(), messages);
    }

    /**
     * Returns the subject's compatibility, or the registry's where the subject has none of its own or does not exist.
     */
    public Compatibility compatibility(String subject) {
        String what = "get the compatibility of `" + subject + "`";
        JsonNode answer;
        try {
            answer = get("/config/" + segment(subject) + "?defaultToGlobal=true", what);
        } catch (SchemaNotFoundException e) {
            // Apicurio's answer for a subject that does not exist yet; Confluent answers with the registry's.
            answer = get("/config", what);
        }
        String level = answer.path("compatibilityLevel")
                .asText(answer.path("compatibility").asText(""));
        try {
            return Compatibility.valueOf(level.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw unusable(what, "compatibilityLevel");
        }
    }

    public void setCompatibility(String subject, Compatibility compatibility) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("compatibility", compatibility.name());
        String what = "set the compatibility of `" + subject + "` to " + compatibility;
        http.send("PUT", "/config/" + segment(subject), Optional.of(body), what);
    }

    /**
     * Deletes all versions of the subject softly: messages written with them can still be read.
     *
     * @return the versions
     */
    public List<Integer> deleteSubject(String subject) {
        return delete(subject, "/subjects/" + segment(subject));
    }

    /** Removes a subject for good that was deleted softly before. Messages written with it become unreadable. */
    public List<Integer> deleteSubjectPermanently(String subject) {
        return delete(subject, "/subjects/" + segment(subject) + "?permanent=true");
    }

    private List<Integer> delete(String subject, String path) {
        String what = "delete the subject `" + subject + "`";
        JsonNode answer = http.send("DELETE", path, Optional.empty(), what);
        latest.remove(subject);
        ids.keySet().removeIf(key -> key.subject().equals(subject));
        List<Integer> versions = new ArrayList<>();
        array(answer, what).forEach(version -> versions.add(version.asInt()));
        return List.copyOf(versions);
    }

    /** Clears the cache. Connections end with the client. */
    @Override
    public void close() {
        byId.clear();
        ids.clear();
        latest.clear();
    }

    private RegisteredSchema fetchVersion(String subject, String version) {
        String what = "get version " + version + " of `" + subject + "`";
        JsonNode answer = get("/subjects/" + segment(subject) + "/versions/" + version, what);
        int id = integer(answer, "id", what);
        Schema schema = byId.get(id);
        if (schema == null) {
            schema = schema(answer, what);
            byId.putIfAbsent(id, schema);
        }
        return new RegisteredSchema(subject, integer(answer, "version", what), id, schema);
    }

    private JsonNode get(String path, String what) {
        return http.send("GET", path, Optional.empty(), what);
    }

    private JsonNode post(String path, JsonNode body, String what) {
        return http.send("POST", path, Optional.of(body), what);
    }

    private static ObjectNode body(Schema schema) {
        return JsonNodeFactory.instance.objectNode().put("schema", schema.toString());
    }

    private Schema schema(JsonNode answer, String what) {
        return new SchemaReferenceResolver(
                        (subject, version) -> get(
                                "/subjects/" + segment(subject) + "/versions/" + version,
                                "get version " + version + " of `" + subject + "`"),
                        what)
                .parse(answer);
    }

    private static int integer(JsonNode answer, String field, String what) {
        if (!answer.path(field).canConvertToInt() || !answer.path(field).isIntegralNumber()) {
            throw unusable(what, field);
        }
        return answer.path(field).intValue();
    }

    private static JsonNode array(JsonNode answer, String what) {
        if (!answer.isArray()) {
            throw new SchemaRegistryException(
                    200, 200, "Cannot " + what + ": the registry's answer is not a list. Is it a Confluent API?");
        }
        return answer;
    }

    private static SchemaRegistryException unusable(String what, String field) {
        return new SchemaRegistryException(
                200,
                200,
                "Cannot " + what + ": the registry's answer has no usable `" + field + "`. Is it a Confluent API?");
    }

    private static String segment(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Text, not {@link Schema}: schemas that differ in documentation or aliases only are equal to Avro. */
    private record SubjectSchema(String subject, String schema) {}

    private record Latest(RegisteredSchema schema, Instant until) {}
}
