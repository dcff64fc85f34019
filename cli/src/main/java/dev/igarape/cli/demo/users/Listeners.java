package dev.igarape.cli.demo.users;

import dev.igarape.model.DateRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Three days of users, invented from a seed.
 *
 * @param told what files tell of users, in the order in which they were written
 * @param numbers social security numbers by user; not all have one
 * @param plays each once
 */
record Listeners(List<User> told, Map<Long, String> numbers, List<Play> plays) {
    static final LocalDate FIRST = LocalDate.parse("2024-05-01");
    static final int DAYS = 3;
    static final DateRange DATES = new DateRange(FIRST, FIRST.plusDays(DAYS));

    private static final int USERS = 30;
    private static final int PLAYS = 200;
    private static final List<String> FIRST_NAMES = List.of("Ana", "Bia", "Caio", "Davi", "Eva", "Ines", "Joao", "Lia");
    private static final List<String> LAST_NAMES = List.of("Costa", "Lima", "Rocha", "Silva", "Souza");
    private static final List<String> TITLES = List.of("Analyst", "Engineer", "Manager", "Teacher");
    private static final List<String> COUNTRIES = List.of("Brazil", "Japan", "Portugal");
    private static final List<String> STATUSES = List.of("Active", "Active", "Idle", User.BLOCKED);
    private static final List<String> ARTISTS = List.of("Cartola", "Elis Regina", "Gal Costa", "Jorge Ben", "Tim Maia");

    Listeners {
        told = List.copyOf(told);
        numbers = Map.copyOf(numbers);
        plays = List.copyOf(plays);
    }

    /** The same seed gives the same users. */
    static Listeners of(long seed) {
        Random random = new Random(seed);
        List<User> told = new ArrayList<>();
        Map<Long, String> numbers = new TreeMap<>();
        for (int day = 0; day < DAYS; day++) {
            LocalDateTime at = FIRST.plusDays(day).atTime(9, 0);
            for (long id = 1; id <= USERS; id++) {
                // All on the first day; then those of whom something has changed.
                if (day == 0 || random.nextInt(3) == 0) {
                    told.add(new User(
                            id,
                            pick(FIRST_NAMES, random),
                            pick(LAST_NAMES, random),
                            pick(TITLES, random),
                            pick(COUNTRIES, random),
                            pick(STATUSES, random),
                            at));
                }
            }
        }
        for (long id = 1; id <= USERS; id++) {
            if (id % 5 != 0) {
                // No such number was ever given out.
                numbers.put(id, "9%02d-00-%04d".formatted(id, random.nextInt(10_000)));
            }
        }
        List<Play> plays = new ArrayList<>();
        for (int i = 1; i <= PLAYS; i++) {
            Instant at = FIRST.plusDays(1 + random.nextInt(DAYS - 1))
                    .atStartOfDay()
                    .plusSeconds(random.nextInt(86_400))
                    .toInstant(ZoneOffset.UTC);
            plays.add(new Play(
                    1 + random.nextInt(2),
                    "play-%04d".formatted(i),
                    1 + random.nextInt(USERS),
                    pick(ARTISTS, random),
                    120_000 + random.nextInt(180_000),
                    at));
        }
        return new Listeners(told, numbers, plays);
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
