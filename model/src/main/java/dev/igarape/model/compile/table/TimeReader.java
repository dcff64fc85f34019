package dev.igarape.model.compile.table;

import dev.igarape.model.DurationText;
import dev.igarape.model.Storage;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlMap;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reader of what a daily table says about time: {@code time}, {@code interval}, and the lookback of inputs. */
final class TimeReader {
    private static final int LONGEST_LOOKBACK = 3660;
    private static final Duration DAY = Duration.ofDays(1);
    private static final String TIME_REMEDY = "Name the table's column of event times: `time: ordered_at`.";
    private static final String INTERVAL_REMEDY =
            "Write whole minutes or hours that divide a day, such as `5 minutes` or `1 hour`.";
    private static final String LOOKBACK_REMEDY = "Write a time, such as `lookback: 10 minutes`.";
    private static final Set<String> TIMESTAMPS = Set.of("timestamp", "timestamp_ntz");

    private final Diagnostics diagnostics;

    TimeReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The column of event times. */
    Optional<SourceText> time(YamlMap daily) {
        Optional<SourceText> time = daily.text("time", TIME_REMEDY);
        if (daily.has("interval") && !daily.has("time")) {
            diagnostics.add(
                    daily.location("interval"),
                    "'interval' without 'time': nothing says which interval a row belongs to",
                    TIME_REMEDY);
        }
        return time;
    }

    /** The length of intervals; empty where there are none, or something is wrong with it, which is reported. */
    Optional<Duration> interval(YamlMap daily) {
        Optional<SourceText> text = daily.text("interval", INTERVAL_REMEDY);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> interval =
                DurationText.parse(text.get().value(), ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS);
        Optional<String> fault = interval.isEmpty()
                ? Optional.of("'" + text.get().value() + "' is not an interval")
                : interval.flatMap(TimeReader::fault);
        if (fault.isPresent()) {
            diagnostics.add(text.get().location(), fault.get(), remedy(interval));
            return Optional.empty();
        }
        return interval;
    }

    private static Optional<String> fault(Duration interval) {
        String length = DurationText.of(interval);
        if (interval.compareTo(DAY) >= 0) {
            return Optional.of("an interval of " + length + " is not shorter than the date of which it is a part");
        }
        return divides(interval.toMinutes())
                ? Optional.empty()
                : Optional.of("intervals of " + length + " do not divide a day: the last one would be cut short");
    }

    private static boolean divides(long minutes) {
        return DAY.toMinutes() % minutes == 0;
    }

    /** Names the nearest intervals that divide a day. */
    private static String remedy(Optional<Duration> interval) {
        if (interval.isEmpty()) {
            return INTERVAL_REMEDY;
        }
        if (interval.get().compareTo(DAY) >= 0) {
            return "Take it out: a table without one is computed by whole dates.";
        }
        return "Write `" + nearest(interval.get(), -1).orElseThrow() + "`"
                + nearest(interval.get(), 1)
                        .map(above -> " or `" + above + "`.")
                        .orElse(".");
    }

    /** The next interval that divides a day, in steps of a minute. */
    private static Optional<String> nearest(Duration interval, int step) {
        long minutes = interval.toMinutes() + step;
        while (minutes > 0 && minutes < DAY.toMinutes() && !divides(minutes)) {
            minutes += step;
        }
        return minutes < DAY.toMinutes() ? Optional.of(DurationText.of(Duration.ofMinutes(minutes))) : Optional.empty();
    }

    /**
     * How far a table reads an input back.
     *
     * @param dates earlier dates, for a table of whole dates
     * @param time time before an interval, for a table with intervals
     */
    record Lookback(int dates, Optional<Duration> time) {
        static final Lookback NONE = new Lookback(0, Optional.empty());
    }

    /** @param hasIntervals whether the table has intervals, right or wrong */
    Lookback lookback(TableName table, YamlMap input, boolean hasIntervals) {
        if (hasIntervals) {
            return new Lookback(0, timeBefore(table, input));
        }
        if (input.isText("lookback")) {
            Optional<SourceText> text =
                    input.raw("lookback").filter(t -> duration(t.value()).isPresent());
            if (text.isPresent()) {
                diagnostics.add(
                        text.get().location(),
                        "'lookback' of " + table + " is a time, but the table is computed by whole dates",
                        "Write how many earlier dates, such as `lookback: 1`, or give the table an `interval`.");
                return Lookback.NONE;
            }
        }
        return new Lookback(input.number("lookback", 0, LONGEST_LOOKBACK).orElse(0), Optional.empty());
    }

    private Optional<Duration> timeBefore(TableName table, YamlMap input) {
        Optional<SourceText> text = input.anyScalar("lookback", LOOKBACK_REMEDY);
        Optional<Duration> time =
                text.flatMap(t -> duration(t.value())).filter(t -> t.compareTo(Duration.ofDays(LONGEST_LOOKBACK)) <= 0);
        if (text.isPresent() && time.isEmpty()) {
            boolean isNumber = text.get().value().matches("-?[0-9]+");
            diagnostics.add(
                    text.get().location(),
                    isNumber
                            ? "'lookback' of " + table + " is a number of dates, but the table has intervals"
                            : "'" + text.get().value() + "' is no time to look back, up to " + LONGEST_LOOKBACK
                                    + " days",
                    LOOKBACK_REMEDY);
        }
        return time;
    }

    private static Optional<Duration> duration(String text) {
        return DurationText.parse(text, ChronoUnit.SECONDS, ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS);
    }

    /** Reports a time that is none of the declared columns or no timestamp, and a column in the place of intervals. */
    void check(ParsedDefinition definition, YamlMap table, Map<String, String> columns) {
        if (definition.definition().interval().isPresent() && columns.containsKey(Storage.INTERVAL)) {
            diagnostics.add(
                    table.location("columns"),
                    "the platform adds the column interval, by which the table is partitioned",
                    "Give the column another name here and in the SQL.");
        }
        definition.time().ifPresent(time -> {
            String name = time.value();
            if (!ColumnsReader.isName(name) || name.equals("date")) {
                diagnostics.add(time.location(), "'" + name + "' is no column of event times", TIME_REMEDY);
            } else if (!columns.isEmpty() && !columns.containsKey(name)) {
                diagnostics.add(
                        time.location(),
                        "time '" + name + "' is none of the table's columns"
                                + Suggestion.didYouMean(name, List.copyOf(columns.keySet())),
                        "Name a column of type timestamp or timestamp_ntz.");
            } else if (!columns.isEmpty() && !TIMESTAMPS.contains(columns.get(name))) {
                diagnostics.add(
                        time.location(),
                        "time '" + name + "' is of type " + columns.get(name),
                        "Name a column of type timestamp or timestamp_ntz.");
            }
        });
    }
}
