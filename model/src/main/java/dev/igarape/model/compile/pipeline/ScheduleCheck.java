package dev.igarape.model.compile.pipeline;

import dev.igarape.model.compile.diagnostic.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Validation of a pipeline's {@code schedule}: cron, presets and the words that Airflow and we add. */
final class ScheduleCheck {
    static final String REMEDY = "Use five cron fields such as \"0 3 * * *\", @hourly, @daily, @weekly, @monthly,"
            + " @quarterly, @yearly, assets (when inputs change) or none (by hand).";

    private static final List<String> WORDS =
            List.of("@hourly", "@daily", "@weekly", "@monthly", "@quarterly", "@yearly", "assets", "none");
    private static final List<Field> FIELDS = List.of(
            new Field("minute", 0, 59, List.of()),
            new Field("hour", 0, 23, List.of()),
            new Field("day of month", 1, 31, List.of()),
            new Field(
                    "month",
                    1,
                    12,
                    List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
            new Field("day of week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

    /** One of cron's fields; names count from {@code min}. */
    private record Field(String name, int min, int max, List<String> names) {}

    private ScheduleCheck() {}

    /** What is wrong with it; nothing where it is a schedule. */
    static Optional<String> problem(String schedule) {
        if (WORDS.contains(schedule)) {
            return Optional.empty();
        }
        if (schedule.equals("continuous") || schedule.equals("@continuous")) {
            return Optional.of("schedule '" + schedule + "' is not supported yet by this version of Igarapé");
        }
        String[] fields = schedule.strip().split("\\s+", -1);
        if (fields.length == 1) {
            return Optional.of("unknown schedule '" + schedule + "'" + Suggestion.didYouMean(schedule, WORDS));
        }
        if (fields.length != FIELDS.size()) {
            return Optional.of("schedule '" + schedule + "' has " + fields.length + " fields, cron has five");
        }
        for (int i = 0; i < fields.length; i++) {
            Field field = FIELDS.get(i);
            for (String part : fields[i].split(",", -1)) {
                if (!isPart(part, field)) {
                    return Optional.of("'" + part + "' is no " + field.name() + " of a cron schedule (" + field.min()
                            + " to " + field.max() + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isPart(String part, Field field) {
        String[] step = part.split("/", -1);
        if (step.length > 2 || (step.length == 2 && !step[1].matches("[1-9][0-9]?"))) {
            return false;
        }
        if (step[0].equals("*")) {
            return true;
        }
        String[] ends = step[0].split("-", -1);
        if (ends.length > 2) {
            return false;
        }
        int from = value(ends[0], field);
        int to = value(ends[ends.length - 1], field);
        return from >= 0 && to >= from;
    }

    /** The field's value, or -1. */
    private static int value(String text, Field field) {
        int name = field.names().indexOf(text.toLowerCase(Locale.ROOT));
        if (name >= 0) {
            return field.min() + name;
        }
        if (!text.matches("[0-9]{1,2}")) {
            return -1;
        }
        int value = Integer.parseInt(text);
        return value >= field.min() && value <= field.max() ? value : -1;
    }
}
