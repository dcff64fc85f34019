package dev.igarape.cli.demo.users;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.cli.demo.checked.Check;
import dev.igarape.cli.demo.checked.Delivery;
import dev.igarape.cli.demo.checked.Disorder;
import dev.igarape.cli.demo.checked.Part;
import dev.igarape.cli.demo.checked.Scenario;
import dev.igarape.cli.demo.checked.Shown;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.Layer;
import dev.igarape.model.targets.Target;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Files of users and of their social security numbers, of which one comes late, and a topic of what they listen to, of which
 * only that counts which comes after the first run.
 */
public final class UsersDemo implements Scenario {
    public static final String PIPELINE = "users";

    private static final String TOPIC = "music_data_json";
    private static final long SEED = 11;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");
    /** Users after this one get their numbers with the last part. */
    private static final long EARLY_NUMBERS = 20;

    private final Listeners listeners = Listeners.of(SEED);

    @Override
    public String pipeline() {
        return PIPELINE;
    }

    @Override
    public Set<String> servers() {
        return Set.of("storage", "kafka", "trino");
    }

    @Override
    public DateRange dates() {
        return Listeners.DATES;
    }

    @Override
    public List<String> topics() {
        return List.of(TOPIC);
    }

    @Override
    public List<Delivery> before() {
        return listeners.plays().stream()
                .limit(20)
                .map(play -> new Play(1, "before-" + play.id(), play.user(), play.artist(), play.millis(), play.at()))
                .map(UsersDemo::delivery)
                .toList();
    }

    @Override
    public List<Part> parts(Target target) {
        LocalDate last = Listeners.FIRST.plusDays(Listeners.DAYS - 1);
        // What was told on the second day comes after what was told on the third.
        Map<String, String> first = new TreeMap<>(users(Listeners.FIRST));
        first.put(path("ssn", Listeners.FIRST.atTime(10, 0)), numbers(0, EARLY_NUMBERS));
        Map<String, String> late = new TreeMap<>(users(Listeners.FIRST.plusDays(1)));
        late.put(path("ssn", last.atTime(10, 0)), numbers(EARLY_NUMBERS, Long.MAX_VALUE));
        List<List<Delivery>> plays = Disorder.MUCH.spread(
                listeners.plays().stream().map(UsersDemo::delivery).toList(),
                List.of(last),
                Set.of(),
                new Random(SEED));
        plays.get(0).addAll(refused(plays.get(0).get(0)));
        return List.of(Part.of(List.of(), first), Part.of(plays.get(0), users(last)), Part.of(plays.get(1), late));
    }

    /** What no table may count: a version that nobody has declared, a user that is no number, no JSON. */
    private static List<Delivery> refused(Delivery like) {
        List<Delivery> refused = new ArrayList<>();
        refused.add(Delivery.of(TOPIC, "refused", "play", like.at()));
        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of("schema_version", 3), Map.of("user_id", "u7"), Map.of("artist", ""))) {
            Map<String, Object> fields = new Play(1, "refused", 1, "Nobody", 1000, like.at()).fields();
            fields.putAll(change);
            refused.add(Delivery.of(TOPIC, "refused", json(fields), like.at()));
        }
        return refused;
    }

    /** The file of a day: a record a line, the first one twice, and at the end one whose id is no number. */
    private Map<String, String> users(LocalDate day) {
        List<String> lines = listeners.told().stream()
                .filter(user -> user.at().toLocalDate().equals(day))
                .map(user -> json(user.fields()))
                .collect(Collectors.toCollection(ArrayList::new));
        lines.add(lines.get(0));
        lines.add("{\"id\": \"none\", \"first_name\": \"Nobody\"}");
        return Map.of(path("users", day.atTime(9, 0)), String.join("\n", lines) + "\n");
    }

    private String numbers(long after, long until) {
        return new TreeMap<>(listeners.numbers())
                .entrySet().stream()
                        .filter(number -> number.getKey() > after && number.getKey() <= until)
                        .map(number -> {
                            Map<String, Object> fields = new LinkedHashMap<>();
                            fields.put("user_id", number.getKey());
                            fields.put("ssn", number.getValue());
                            return json(fields) + "\n";
                        })
                        .collect(Collectors.joining());
    }

    private static String path(String what, LocalDateTime at) {
        return "/landing/%s/date=%s/%s_%s.json".formatted(what, at.toLocalDate(), what, STAMP.format(at));
    }

    private static Delivery delivery(Play play) {
        return Delivery.of(TOPIC, play.id(), json(play.fields()), play.at());
    }

    private static String json(Map<String, Object> fields) {
        try {
            return Json.mapper().writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Check> checks(Target target) {
        UsersTruth truth = new UsersTruth(listeners);
        String trusted = target.database(Layer.TRUSTED);
        String gold = target.database(Layer.GOLD);
        return List.of(
                new Check(
                        trusted + ".users",
                        ("SELECT user_id, full_name, user_title, country, ssn, source_system,"
                                        + " date_format(event_time, '%%Y-%%m-%%d %%H:%%i:%%s'), is_active"
                                        + " FROM %s.users ORDER BY user_id")
                                .formatted(trusted),
                        truth.users()),
                new Check(
                        gold + ".users_by_country",
                        "SELECT country, users, active, with_ssn FROM %s.users_by_country ORDER BY country"
                                .formatted(gold),
                        truth.byCountry()),
                new Check(
                        gold + ".music_daily",
                        "SELECT play_date, artist, plays, listeners, minutes FROM %s.music_daily ORDER BY 1, 2"
                                .formatted(gold),
                        truth.music()));
    }

    @Override
    public List<Shown> shown(Target target) {
        String trusted = target.database(Layer.TRUSTED);
        String gold = target.database(Layer.GOLD);
        return List.of(
                new Shown(
                        trusted + ".users",
                        ("SELECT user_id, full_name, user_title, country, ssn, event_time, is_active FROM %s.users"
                                        + " ORDER BY user_id LIMIT 6")
                                .formatted(trusted)),
                new Shown(
                        gold + ".music_daily",
                        "SELECT * FROM %s.music_daily ORDER BY play_date, plays DESC, artist LIMIT 6".formatted(gold)));
    }
}
