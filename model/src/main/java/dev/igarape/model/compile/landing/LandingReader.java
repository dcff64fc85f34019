package dev.igarape.model.compile.landing;

import dev.igarape.model.CommitRule;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlMap;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reader of {@code landing}, for all types of source. */
public final class LandingReader {
    private static final List<String> SOURCES = List.of("http", "kafka", "files", "jdbc");
    private static final List<String> KEYS = List.of("http", "kafka", "files", "jdbc", "commit");
    private static final List<String> KAFKA_FORMATS = List.of("avro", "json", "bytes");
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z][A-Z0-9_]*}");
    private static final Pattern PORT = Pattern.compile(":" + VARIABLE.pattern());
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final String URL_REMEDY =
            "Write for example \"${EVENTS_API}/v1/events\" or https://api.example.com/v1/events.";
    private static final String TOPICS_REMEDY = "Write a list of topics: `topics: [orders]`.";
    private static final String START_REMEDY =
            "Use earliest, latest, an instant such as 2024-01-01T00:00:00Z, or `after raw.orders`: where that table ends.";
    private static final Pattern AFTER = Pattern.compile("after raw\\.[a-z][a-z0-9_]*");
    private static final List<String> TOMBSTONES = List.of(Source.Kafka.DROP, "quarantine");

    private final Path folder;
    private final String folderName;
    private final Diagnostics diagnostics;

    public LandingReader(Path folder, String folderName, Diagnostics diagnostics) {
        this.folder = folder;
        this.folderName = folderName;
        this.diagnostics = diagnostics;
    }

    /** Reads the table's {@code landing}. */
    public Optional<LandingDefinition> read(YamlMap table) {
        Optional<YamlMap> landing = table.map("landing", "Say where the data comes from: http, kafka, files or jdbc.");
        if (landing.isEmpty()) {
            return Optional.empty();
        }
        YamlMap body = landing.get();
        body.allow("a landing", KEYS, Map.of());
        List<String> sources = SOURCES.stream().filter(body::has).toList();
        if (sources.size() > 1) {
            diagnostics.add(
                    body.location(sources.get(1)),
                    "a landing from " + String.join(" and ", sources) + " at once",
                    "Make it two tables.");
        } else if (sources.isEmpty()) {
            diagnostics.add(table.location("landing"), "the landing names no source", Suggestion.useOneOf(SOURCES));
        }
        Optional<Source> http =
                body.map("http", "Write `http: {url: …, params: …}`.").flatMap(this::http);
        Optional<Source> kafka =
                body.map("kafka", "Write `kafka: {topics: […]}`.").flatMap(this::kafka);
        Optional<Source> files = body.map("files", "Write `files: {path: …, format: csv}`.")
                .flatMap(map -> new FilesReader(diagnostics).read(map));
        Optional<Source> jdbc = body.map("jdbc", "Write `jdbc: {url: …, table: …}`.")
                .flatMap(map -> new JdbcReader(diagnostics).read(map));
        Optional<CommitRule> commit = new CommitRuleReader(diagnostics).read(body);
        return http.or(() -> kafka).or(() -> files).or(() -> jdbc).map(source -> new LandingDefinition(source, commit));
    }

    private Optional<Source> http(YamlMap http) {
        http.allow("http", List.of("url", "params", "format", "pages"), Map.of());
        Optional<SourceText> url = http.required("url", URL_REMEDY);
        url.ifPresent(this::url);
        String format = format(http, "json", List.of("csv", "xml", "avro"));
        Map<String, String> params = params(http);
        Optional<Source.Pages> pages = pages(http, params);
        return url.map(text -> new Source.Http(text.value(), params, format, pages));
    }

    private void url(SourceText url) {
        String text = url.value();
        if (!variables(url)) {
            return;
        }
        String filled = VARIABLE.matcher(PORT.matcher(text).replaceAll(":1")).replaceAll("variable");
        if (text.startsWith("${")) {
            filled = "http://" + filled;
        }
        if (PLACEHOLDER.matcher(filled).find()) {
            diagnostics.add(
                    url.location(), "the URL '" + text + "' holds {…}", "Only params are filled in: put it there.");
            return;
        }
        Optional<String> problem = urlProblem(filled);
        problem.ifPresent(why -> diagnostics.add(url.location(), "the URL '" + text + "' " + why, URL_REMEDY));
    }

    private static Optional<String> urlProblem(String url) {
        try {
            URI uri = new URI(url);
            if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
                return Optional.of("is neither http nor https");
            }
            if (uri.getHost() == null) {
                return Optional.of("names no host");
            }
            if (uri.getRawUserInfo() != null) {
                return Optional.of("holds a user name; definitions are no place for credentials");
            }
            if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                return Optional.of("holds '?' or '#', which params are for");
            }
            return Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL: " + e.getReason());
        }
    }

    private Map<String, String> params(YamlMap http) {
        Map<String, String> params = new LinkedHashMap<>();
        String remedy = "Write names and values: `params: {date: \"{date}\", count: 1000}`.";
        http.map("params", remedy).ifPresent(map -> {
            for (SourceText key : map.keys()) {
                if (key.value().isBlank()) {
                    diagnostics.add(key.location(), "a parameter without a name", remedy);
                }
                map.anyScalar(key.value(), remedy).ifPresent(value -> {
                    variables(value);
                    Matcher placeholder =
                            PLACEHOLDER.matcher(VARIABLE.matcher(value.value()).replaceAll(""));
                    while (placeholder.find()) {
                        if (!placeholder.group(1).equals("date")) {
                            diagnostics.add(
                                    value.location(),
                                    "unknown placeholder " + placeholder.group() + " in parameter " + key.value()
                                            + Suggestion.didYouMean(placeholder.group(1), List.of("date")),
                                    "Use {date} for the date that is landed.");
                        }
                    }
                    params.put(key.value(), value.value());
                });
            }
        });
        return params;
    }

    /** Whether every dollar sign with a brace opens a variable; reports it otherwise. */
    private boolean variables(SourceText text) {
        if (VARIABLE.matcher(text.value()).replaceAll("").contains("${")) {
            diagnostics.add(
                    text.location(),
                    "'" + text.value() + "' holds a malformed variable",
                    "Write ${NAME}, in capitals, digits and underscores.");
            return false;
        }
        return true;
    }

    private Optional<Source.Pages> pages(YamlMap http, Map<String, String> params) {
        return http.map("pages", "Write `pages: {param: page, first: 1, limit: 100}`.")
                .flatMap(pages -> {
                    pages.allow("pages", List.of("param", "first", "limit"), Map.of());
                    Optional<SourceText> param = pages.required("param", "Name the parameter that counts the pages.");
                    param.filter(text -> params.containsKey(text.value()))
                            .ifPresent(text -> diagnostics.add(
                                    text.location(),
                                    "'" + text.value() + "' counts the pages and stands in params too",
                                    "Take it out of params."));
                    int first = pages.number("first", 0, 1_000_000).orElse(1);
                    if (!pages.has("limit")) {
                        diagnostics.add(pages.location(), "'limit' is missing", "Say how many pages are too many.");
                    }
                    int limit = pages.number("limit", 1, 1_000_000).orElse(1);
                    return param.map(text -> new Source.Pages(text.value(), first, limit));
                });
    }

    private Optional<Source> kafka(YamlMap kafka) {
        kafka.allow(
                "kafka",
                List.of("topics", "start", "format", "event_time", "partition_by", "tombstones"),
                Map.of("lateness", "Take it out."));
        String format = kafkaFormat(kafka);
        List<String> topics = topics(kafka);
        String start = start(kafka);
        Optional<String> eventTime = eventTime(kafka);
        AvroSchemaFile schemas = new AvroSchemaFile(folder, folderName, diagnostics);
        if (format.equals("avro")) {
            topics.forEach(topic -> schemas.check(topic, eventTime, kafka.location("event_time")));
        } else if (format.equals("bytes") && kafka.has("event_time")) {
            diagnostics.add(
                    kafka.location("event_time"),
                    "'event_time' with format bytes, which have no fields",
                    "Take it out: Kafka's timestamp dates the rows.");
        }
        return Optional.of(
                new Source.Kafka(topics, start, format, eventTime, partitionBy(kafka, format), tombstones(kafka)));
    }

    private Optional<String> partitionBy(YamlMap kafka, String format) {
        List<String> known = List.of(Source.Kafka.RECORD_NAME, Source.Kafka.TOPIC);
        Optional<SourceText> by = kafka.text("partition_by", Suggestion.useOneOf(known));
        by.filter(text -> !known.contains(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "unknown partition_by '" + text.value() + "'" + Suggestion.didYouMean(text.value(), known),
                        Suggestion.useOneOf(known)
                                + " A field's value is no partition of a landing, which copies without"
                                + " decoding: partition by it in a table built from this one."));
        by.filter(text -> text.value().equals(Source.Kafka.RECORD_NAME) && !format.equals("avro"))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "'partition_by: record_name' with format " + format + ", whose values name no record",
                        "Use format avro, or partition_by: topic."));
        return by.map(SourceText::value);
    }

    /** Empty for the default, so that writing it out does not change the definition hash. */
    private Optional<String> tombstones(YamlMap kafka) {
        Optional<SourceText> tombstones = kafka.text("tombstones", Suggestion.useOneOf(TOMBSTONES));
        tombstones
                .filter(text -> !TOMBSTONES.contains(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "unknown tombstones '" + text.value() + "'" + Suggestion.didYouMean(text.value(), TOMBSTONES),
                        Suggestion.useOneOf(TOMBSTONES)));
        return tombstones.map(SourceText::value).filter(Source.Kafka.DROP::equals);
    }

    private String kafkaFormat(YamlMap kafka) {
        Optional<SourceText> format = kafka.text("format", Suggestion.useOneOf(KAFKA_FORMATS));
        format.filter(text -> !KAFKA_FORMATS.contains(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "unknown format '" + text.value() + "'" + Suggestion.didYouMean(text.value(), KAFKA_FORMATS),
                        Suggestion.useOneOf(KAFKA_FORMATS)));
        return format.map(SourceText::value).orElse("avro");
    }

    private List<String> topics(YamlMap kafka) {
        List<String> topics = new ArrayList<>();
        for (SourceText topic : kafka.requiredTexts("topics", TOPICS_REMEDY)) {
            if (!TOPIC.matcher(topic.value()).matches()
                    || topic.value().contains("..")
                    || topic.value().equals(".")) {
                diagnostics.add(
                        topic.location(),
                        "'" + topic.value() + "' is not a topic name",
                        "Use letters, digits, '.', '_' and '-', at most 249, without '..'.");
            } else if (topics.contains(topic.value())) {
                diagnostics.add(topic.location(), "topic " + topic.value() + " is given twice", "Keep one of them.");
            } else {
                topics.add(topic.value());
            }
        }
        return topics;
    }

    private String start(YamlMap kafka) {
        Optional<SourceText> start = kafka.text("start", START_REMEDY);
        start.filter(text -> !isStart(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "unknown start '" + text.value() + "'"
                                + Suggestion.didYouMean(text.value(), List.of("earliest", "latest")),
                        START_REMEDY));
        return start.map(SourceText::value).filter(LandingReader::isStart).orElse("earliest");
    }

    private static boolean isStart(String text) {
        if (text.equals("earliest")
                || text.equals("latest")
                || AFTER.matcher(text).matches()) {
            return true;
        }
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private Optional<String> eventTime(YamlMap kafka) {
        String remedy = "Name a field at the top of the value, such as event_time.";
        Optional<SourceText> field = kafka.text("event_time", remedy);
        field.filter(text -> !FIELD.matcher(text.value()).matches())
                .ifPresent(text ->
                        diagnostics.add(text.location(), "'" + text.value() + "' is not a field's name", remedy));
        return field.map(SourceText::value).filter(text -> FIELD.matcher(text).matches());
    }

    private String format(YamlMap source, String known, List<String> notYet) {
        Optional<SourceText> format = source.text("format", "Use " + known + ".");
        format.filter(text -> !text.value().equals(known))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        notYet.contains(text.value())
                                ? "format " + text.value() + " is not supported yet by this version of Igarapé"
                                : "unknown format '" + text.value() + "'"
                                        + Suggestion.didYouMean(text.value(), List.of(known)),
                        "Use " + known + "."));
        return known;
    }
}
