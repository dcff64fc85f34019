package dev.igarape.model.compile.pipeline;

import dev.igarape.model.DurationText;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;
import dev.igarape.model.sql.TimeShape;
import dev.igarape.model.sql.TimeShape.Form;
import dev.igarape.model.sql.TimeShape.Mixing;
import dev.igarape.model.sql.TimeShape.RowGroup;
import dev.igarape.model.sql.TimeShape.TimeValue;
import dev.igarape.model.sql.TimeShape.TimeWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Check on the query of a table with intervals: whether the rows of an interval depend on rows of this interval, or of
 * the lookback, only. What is sure to depend on others is refused; what can't be seen to keep to it is a warning.
 */
final class IntervalQueryCheck {
    private final ParsedTable table;
    private final List<ParsedInput> dated;
    private final Duration interval;
    private final ZoneId timezone;
    private final Instant start;
    private final Diagnostics diagnostics;

    /**
     * @param dated its inputs whose rows have a time
     * @param start from when on rows are computed
     */
    IntervalQueryCheck(
            ParsedTable table,
            List<ParsedInput> dated,
            Duration interval,
            ZoneId timezone,
            Instant start,
            Diagnostics diagnostics) {
        this.table = table;
        this.dated = dated;
        this.interval = interval;
        this.timezone = timezone;
        this.start = start;
        this.diagnostics = diagnostics;
    }

    void check(TimeShape shape) {
        boolean isRefused = false;
        for (RowGroup group : shape.groups()) {
            isRefused |= group(group);
        }
        if (isRefused) {
            return;
        }
        if (shape.time().isEmpty()) {
            diagnostics.warn(
                    new SourceLocation(file(), 1, 1),
                    "`time: " + time() + "` of " + table.name() + " is not seen to come from a time of its inputs",
                    "Select the time, or window.start. " + verify());
            return;
        }
        TimeValue value = shape.time().get();
        fault(value).or(() -> outputFault(value)).ifPresent(fault -> refuse(value.line(), value.column(), fault));
    }

    /** Reports what the group can't have; true where it is refused. */
    private boolean group(RowGroup group) {
        Optional<Fault> never = never(group.mixing());
        if (never.isPresent()) {
            refuse(group.line(), group.column(), never.get());
            return true;
        }
        if (group.keys().stream().anyMatch(key -> fault(key).isEmpty())) {
            return false;
        }
        for (TimeValue key : group.keys()) {
            refuse(key.line(), key.column(), fault(key).orElseThrow());
            return true;
        }
        diagnostics.warn(
                new SourceLocation(file(), group.line(), group.column()),
                what(group.mixing()) + ", so a row of " + table.name() + " may depend on more than one interval of "
                        + DurationText.of(interval),
                "Add the time or a window of it. " + verify());
        return false;
    }

    private Optional<Fault> never(Mixing mixing) {
        String whole = "compute " + table.name() + " by whole dates.";
        return Optional.ofNullable(
                switch (mixing) {
                    case GLOBAL_AGGREGATE ->
                        new Fault(
                                "an aggregate over all rows would see the rows of some intervals only",
                                "GROUP BY the time or a window of it, or " + whole);
                    case LIMIT ->
                        new Fault(
                                "LIMIT and OFFSET would count the rows of some intervals only",
                                "Take it out, or " + whole);
                    case SESSION_WINDOW ->
                        new Fault(
                                "session_window goes over the end of an interval for as long as rows follow each other",
                                "Use window(…), or " + whole);
                    default -> null;
                });
    }

    private static String what(Mixing mixing) {
        return switch (mixing) {
            case DISTINCT -> "DISTINCT has no time among its columns";
            case SET_OPERATION -> "EXCEPT or INTERSECT has no time among its columns";
            case WINDOW_FUNCTION -> "PARTITION BY has no time among its keys";
            case JOIN -> "the join has no time among its keys";
            case SUBQUERY -> "the subquery reads a table";
            default -> "GROUP BY has no time among its keys";
        };
    }

    /** Why equal values may come from more than one interval. */
    private Optional<Fault> fault(TimeValue value) {
        if (value.window().isEmpty()) {
            return Optional.empty();
        }
        TimeWindow window = value.window().get();
        if (!divides(window.slide(), interval) || !divides(window.slide(), window.offset())) {
            String length = window.isTumbling()
                    ? "windows of " + DurationText.of(window.length())
                    : "windows that slide by " + DurationText.of(window.slide());
            String offset = window.offset().isZero() ? "" : ", " + DurationText.of(window.offset()) + " later,";
            return Optional.of(new Fault(
                    length + offset + " do not divide intervals of " + DurationText.of(interval),
                    window.offset().isZero()
                            ? "Write an `interval` that is a multiple of them."
                            : "Start them without an offset, or by a multiple of their length."));
        }
        if (window.isTumbling()) {
            return midnight(window);
        }
        return reachesBack(window.length())
                ? Optional.empty()
                : Optional.of(new Fault(
                        "windows of " + DurationText.of(window.length()) + " that slide by "
                                + DurationText.of(window.slide()) + " go over the start of their interval",
                        "Take window.end as `" + time() + "`, and give each input a lookback as long as they are: "
                                + lookback(window) + "."));
    }

    /** Whether windows end where dates do; a timezone half an hour off has midnight in the middle of hours. */
    private Optional<Fault> midnight(TimeWindow window) {
        return offsets()
                .filter(offset -> !divides(window.length(), Duration.ofSeconds(offset.getTotalSeconds())))
                .findFirst()
                .map(offset -> new Fault(
                        "windows of " + DurationText.of(window.length()) + " go over midnight in " + timezone
                                + ", which is " + offset + " from UTC",
                        "Use windows that divide this, such as those of 15 minutes."));
    }

    private Stream<ZoneOffset> offsets() {
        return Stream.of(
                        Stream.of(timezone.getRules().getOffset(start)),
                        timezone.getRules().getTransitions().stream()
                                .filter(transition -> transition.getInstant().isAfter(start))
                                .map(transition -> transition.getOffsetAfter()),
                        timezone.getRules().getTransitionRules().stream().map(rule -> rule.getOffsetAfter()))
                .flatMap(all -> all);
    }

    /** Why the result's time may lie in another interval than what it follows from. */
    private Optional<Fault> outputFault(TimeValue value) {
        if (value.form() == Form.SAME) {
            return Optional.empty();
        }
        TimeWindow window = value.window().orElseThrow();
        if (value.form() == Form.WINDOW) {
            return Optional.of(new Fault("'" + time() + "' is a window, not a time", "Select window.start."));
        }
        if (value.form() == Form.END && !reachesBack(window.length())) {
            return Optional.of(new Fault(
                    "'" + time() + "' is the end of a window, which lies in the interval behind it",
                    "Take window.start, or give each input a lookback as long as the window: " + lookback(window)
                            + "."));
        }
        if (value.form() == Form.WITHIN && !window.isTumbling()) {
            return Optional.of(new Fault(
                    "'" + time() + "' is the start of sliding windows, whose rows go on behind the interval",
                    "Take window.end: then the input's lookback covers the window."));
        }
        return Optional.empty();
    }

    private boolean reachesBack(Duration length) {
        return dated.stream()
                .allMatch(input -> input.lookbackTime()
                        .filter(back -> back.compareTo(length) >= 0)
                        .isPresent());
    }

    private String lookback(TimeWindow window) {
        String length = DurationText.of(window.length());
        Set<String> names =
                dated.stream().map(input -> input.table().toString()).collect(Collectors.toSet());
        return names.stream()
                .sorted()
                .map(name -> name + ": {lookback: " + length + "}")
                .collect(Collectors.joining(", ", "`inputs: {", "}`"));
    }

    private static boolean divides(Duration part, Duration whole) {
        return whole.toNanos() % part.toNanos() == 0;
    }

    private String verify() {
        return "`./lake verify " + table.name() + " --date D` compares a date with one computed as a whole.";
    }

    private String time() {
        return table.definition().orElseThrow().time().orElseThrow();
    }

    /** The SQL file, which is where a query names its inputs. */
    private String file() {
        return table.inputs().get(0).location().file();
    }

    private void refuse(int line, int column, Fault fault) {
        diagnostics.add(new SourceLocation(file(), line, column), fault.problem(), fault.remedy());
    }

    private record Fault(String problem, String remedy) {}
}
