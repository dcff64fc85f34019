package dev.igarape.cli.demo.users;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What tables of users and of their music have to show: each row as its values with bars between them, in order. */
final class UsersTruth {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private final Listeners listeners;

    UsersTruth(Listeners listeners) {
        this.listeners = listeners;
    }

    /** Id, full name, title, country, number, source, when told, whether active. */
    List<String> users() {
        return latest().values().stream()
                .map(user -> user.id() + "|" + user.firstName() + " " + user.lastName() + "|" + user.title() + "|"
                        + user.country() + "|" + listeners.numbers().get(user.id()) + "|mongo|"
                        + MOMENT.format(user.at()) + "|" + user.active())
                .toList();
    }

    /** Country, users, those that are active, those with a number. */
    List<String> byCountry() {
        Map<String, List<User>> countries = latest().values().stream()
                .collect(Collectors.groupingBy(User::country, TreeMap::new, Collectors.toList()));
        return countries.entrySet().stream()
                .map(country -> country.getKey() + "|" + country.getValue().size() + "|"
                        + country.getValue().stream().filter(User::active).count() + "|"
                        + country.getValue().stream()
                                .filter(user -> listeners.numbers().containsKey(user.id()))
                                .count())
                .toList();
    }

    /** Date, artist, plays, users, whole minutes. */
    List<String> music() {
        Map<String, List<Play>> groups = listeners.plays().stream()
                .collect(Collectors.groupingBy(
                        play -> play.at().atZone(ZoneOffset.UTC).toLocalDate() + "|" + play.artist(),
                        TreeMap::new,
                        Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> group.getKey() + "|" + group.getValue().size() + "|"
                        + group.getValue().stream().map(Play::user).distinct().count() + "|"
                        + group.getValue().stream().mapToLong(Play::millis).sum() / 60_000)
                .toList();
    }

    private Map<Long, User> latest() {
        Map<Long, User> latest = new TreeMap<>();
        listeners.told().stream().sorted(Comparator.comparing(User::at)).forEach(user -> latest.put(user.id(), user));
        return latest;
    }
}
