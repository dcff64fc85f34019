package dev.igarape.api.random;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The datasets. All are page events; they differ in the event times. */
enum RandomDataset {
    /** All events at the date's midnight, UTC. */
    INSIGHTS("insights") {
        @Override
        String time(SplitMix random) {
            return "00:00:00";
        }
    },
    /** Events at any millisecond of the date, UTC. */
    APPCLICKSTREAM("appclickstream") {
        @Override
        String time(SplitMix random) {
            int millis = random.below(MILLIS_OF_DAY);
            LocalTime time = LocalTime.ofNanoOfDay(millis * 1_000_000L);
            String text = time.withNano(0).toString();
            return (text.length() == 5 ? text + ":00" : text)
                    + String.format(java.util.Locale.ROOT, ".%03d", millis % 1000);
        }
    };

    private static final int MILLIS_OF_DAY = 86_400_000;
    private static final List<String> EVENTS = List.of("click", "view", "submit");
    private static final WordList FIRST_NAMES = WordList.load("first-names.txt");
    private static final WordList WATERS = WordList.load("waters.txt");
    private static final WordList PAGES = WordList.load("pages.txt");

    private final String id;

    RandomDataset(String id) {
        this.id = id;
    }

    static Optional<RandomDataset> of(String id) {
        return Arrays.stream(values()).filter(dataset -> dataset.id.equals(id)).findFirst();
    }

    String id() {
        return id;
    }

    abstract String time(SplitMix random);

    /** Appends one row as a compact JSON object. The words need no escapes. */
    void append(StringBuilder json, SplitMix random, LocalDate date) {
        json.append("{\"username\":\"")
                .append(FIRST_NAMES.pick(random))
                .append('.')
                .append(WATERS.pick(random));
        json.append("\",\"page\":\"").append(PAGES.pick(random));
        json.append("\",\"event_name\":\"").append(EVENTS.get(random.below(EVENTS.size())));
        json.append("\",\"event_time\":\"")
                .append(date)
                .append('T')
                .append(time(random))
                .append("Z\"}");
    }
}
