package dev.igarape.jobs.sql;

import dev.igarape.jobs.sql.TimeColumns.Held;
import dev.igarape.model.sql.TimeShape.Form;
import dev.igarape.model.sql.TimeShape.TimeValue;
import dev.igarape.model.sql.TimeShape.TimeWindow;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAlias;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedExtractValue;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.catalyst.util.IntervalUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;
import scala.collection.JavaConverters;

/** What an expression of a parsed, unresolved query says of a time that is read. */
final class TimeExpressions {
    /** Functions that give the time of their first argument, as another type. */
    private static final Set<String> CONVERSIONS = Set.of(
            "timestamp",
            "to_timestamp",
            "to_timestamp_ltz",
            "to_timestamp_ntz",
            "timestamp_seconds",
            "timestamp_millis",
            "timestamp_micros",
            "unix_micros");

    /** Functions whose result lies in the same second as their argument, or the same date. */
    private static final Map<String, ChronoUnit> CUTS = Map.of(
            "unix_timestamp", ChronoUnit.SECONDS,
            "to_unix_timestamp", ChronoUnit.SECONDS,
            "unix_seconds", ChronoUnit.SECONDS,
            "unix_millis", ChronoUnit.MILLIS,
            "date", ChronoUnit.DAYS,
            "to_date", ChronoUnit.DAYS);

    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "microsecond", ChronoUnit.MICROS,
            "millisecond", ChronoUnit.MILLIS,
            "second", ChronoUnit.SECONDS,
            "minute", ChronoUnit.MINUTES,
            "hour", ChronoUnit.HOURS,
            "day", ChronoUnit.DAYS,
            "dd", ChronoUnit.DAYS);

    /** Patterns of date_format that go down to a unit without leaving one out, with or without a date before. */
    private static final Map<Pattern, ChronoUnit> FORMATS = Map.of(
            Pattern.compile(".*HH.*mm.*ss.*"), ChronoUnit.SECONDS,
            Pattern.compile("[^s]*HH[^s]*mm[^s]*"), ChronoUnit.MINUTES,
            Pattern.compile("[^ms]*HH[^ms]*"), ChronoUnit.HOURS,
            Pattern.compile("[^Hhms]*yy[^Hhms]*MM[^Hhms]*dd[^Hhms]*"), ChronoUnit.DAYS);

    private static final Pattern JSON_PATH = Pattern.compile("\\$(\\.\\w+)+");

    private TimeExpressions() {}

    /** The value of an expression over these columns; empty where it is not seen to follow from a time. */
    static Optional<TimeValue> time(Expression expression, TimeColumns columns) {
        return held(expression, columns).flatMap(Held::time);
    }

    /** The same, where it may also be a struct that holds a time. */
    static Optional<Held> held(Expression expression, TimeColumns columns) {
        if (expression instanceof Alias alias) {
            return held(alias.child(), columns);
        }
        if (expression instanceof UnresolvedAlias alias) {
            return held(alias.child(), columns);
        }
        if (expression instanceof UnresolvedAttribute attribute) {
            return columns.find(JavaConverters.seqAsJavaList(attribute.nameParts()))
                    .map(held -> at(held, attribute));
        }
        if (expression instanceof UnresolvedExtractValue field) {
            return text(field.extraction())
                    .flatMap(name -> held(field.child(), columns)
                            .flatMap(struct -> struct.field(name.toLowerCase(Locale.ROOT))));
        }
        if (expression instanceof Cast cast) {
            return cast(cast, columns);
        }
        return expression instanceof UnresolvedFunction function ? function(function, columns) : Optional.empty();
    }

    private static Optional<Held> cast(Cast cast, TimeColumns columns) {
        if (cast.dataType().equals(DataTypes.TimestampType) || cast.dataType().equals(DataTypes.TimestampNTZType)) {
            return time(cast.child(), columns).map(TimeExpressions::held);
        }
        return cast.dataType().equals(DataTypes.DateType)
                ? cut(cast.child(), columns, ChronoUnit.DAYS, cast)
                : Optional.empty();
    }

    private static Optional<Held> function(UnresolvedFunction function, TimeColumns columns) {
        List<Expression> arguments = JavaConverters.seqAsJavaList(function.arguments());
        if (arguments.isEmpty()) {
            return Optional.empty();
        }
        String name = name(function);
        Expression first = arguments.get(0);
        if (CONVERSIONS.contains(name)) {
            return time(first, columns).map(TimeExpressions::held);
        }
        if (CUTS.containsKey(name)) {
            return cut(first, columns, CUTS.get(name), function);
        }
        return switch (name) {
            case "window" -> window(function, arguments, columns);
            case "window_time" ->
                time(first, columns)
                        .filter(value -> value.form() == Form.WINDOW)
                        .map(value -> held(new TimeValue(Form.LAST, value.window(), value.line(), value.column())));
            case "from_json" ->
                held(first, columns).filter(struct -> !struct.fields().isEmpty());
            case "get_json_object" ->
                arguments.size() == 2
                        ? text(arguments.get(1)).flatMap(path -> json(held(first, columns), path))
                        : Optional.empty();
            case "date_trunc" ->
                arguments.size() == 2
                        ? unit(first).flatMap(unit -> cut(arguments.get(1), columns, unit, function))
                        : Optional.empty();
            case "date_format" ->
                arguments.size() == 2
                        ? format(arguments.get(1)).flatMap(unit -> cut(first, columns, unit, function))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Held> window(UnresolvedFunction function, List<Expression> arguments, TimeColumns columns) {
        Optional<TimeValue> time =
                time(arguments.get(0), columns).filter(value -> value.form() == Form.SAME || value.form() == Form.LAST);
        List<Optional<Duration>> durations =
                arguments.stream().skip(1).map(TimeExpressions::duration).toList();
        if (time.isEmpty() || durations.isEmpty() || !durations.stream().allMatch(Optional::isPresent)) {
            return Optional.empty();
        }
        Duration length = durations.get(0).get();
        Duration slide = durations.size() > 1 ? durations.get(1).get() : length;
        Duration offset = durations.size() > 2 ? durations.get(2).get() : Duration.ZERO;
        if (length.isNegative() || length.isZero() || slide.isNegative() || slide.isZero()) {
            return Optional.empty();
        }
        if (!fitsInto(time.get(), slide) || !fitsInto(time.get(), length)) {
            return Optional.empty();
        }
        return Optional.of(held(value(Form.WINDOW, new TimeWindow(length, slide, offset), function)));
    }

    /** A time cut to a unit, as a value of tumbling windows; a cut of a cut is as coarse as the coarser one. */
    private static Optional<Held> cut(Expression of, TimeColumns columns, ChronoUnit unit, Expression by) {
        Duration length = unit.getDuration();
        return time(of, columns)
                .filter(value -> value.form() == Form.SAME || value.form() == Form.WITHIN && fitsInto(value, length))
                .map(value -> held(value(Form.WITHIN, new TimeWindow(length, length, Duration.ZERO), by)));
    }

    /** Whether windows of this length hold those of a value whole. */
    private static boolean fitsInto(TimeValue value, Duration length) {
        return value.window().isEmpty()
                || value.window().get().isTumbling()
                        && length.toNanos() % value.window().get().length().toNanos() == 0;
    }

    private static Optional<Held> json(Optional<Held> document, String path) {
        if (!JSON_PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        Optional<Held> held = document;
        for (String field : path.substring(2).split("\\.")) {
            held = held.flatMap(struct -> struct.field(field));
        }
        return held;
    }

    private static Optional<ChronoUnit> unit(Expression expression) {
        return text(expression).map(unit -> UNITS.get(unit.toLowerCase(Locale.ROOT)));
    }

    private static Optional<ChronoUnit> format(Expression expression) {
        return text(expression)
                .flatMap(format -> FORMATS.entrySet().stream()
                        .filter(known -> known.getKey().matcher(format).matches())
                        .map(Map.Entry::getValue)
                        .findFirst());
    }

    private static Optional<String> text(Expression expression) {
        return expression instanceof Literal literal && literal.value() instanceof UTF8String text
                ? Optional.of(text.toString())
                : Optional.empty();
    }

    /** A literal of time: {@code '5 seconds'} or {@code INTERVAL 5 SECONDS}; empty for months, which have no length. */
    private static Optional<Duration> duration(Expression expression) {
        if (!(expression instanceof Literal literal)) {
            return Optional.empty();
        }
        if (literal.value() instanceof Long micros && !literal.dataType().equals(DataTypes.LongType)) {
            return Optional.of(Duration.of(micros, ChronoUnit.MICROS));
        }
        if (!(literal.value() instanceof UTF8String text)) {
            return Optional.empty();
        }
        // It gives null for what is no interval.
        return Optional.ofNullable(IntervalUtils.safeStringToInterval(text)).flatMap(TimeExpressions::duration);
    }

    private static Optional<Duration> duration(CalendarInterval interval) {
        return interval.months == 0
                ? Optional.of(Duration.ofDays(interval.days).plus(interval.microseconds, ChronoUnit.MICROS))
                : Optional.empty();
    }

    /** The function's name, in lower case and without a catalog. */
    static String name(UnresolvedFunction function) {
        List<String> parts = JavaConverters.seqAsJavaList(function.nameParts());
        return parts.get(parts.size() - 1).toLowerCase(Locale.ROOT);
    }

    private static Held held(TimeValue value) {
        return new Held(List.of(), value);
    }

    /** The value where it is used, so that a fault is reported where the query can be mended; windows stay in place. */
    private static Held at(Held held, Expression place) {
        TimeValue value = held.value();
        return value.window().isPresent()
                ? held
                : new Held(held.fields(), new TimeValue(value.form(), value.window(), line(place), column(place)));
    }

    static TimeValue value(Form form, TimeWindow window, Expression place) {
        return new TimeValue(form, Optional.of(window), line(place), column(place));
    }

    /** Line of a node, from 1. */
    static int line(TreeNode<?> node) {
        return number(node.origin().line()).orElse(1);
    }

    /** Column of a node, from 1. */
    static int column(TreeNode<?> node) {
        return number(node.origin().startPosition()).orElse(0) + 1;
    }

    private static Optional<Integer> number(Option<Object> value) {
        return value.isDefined() ? Optional.of((Integer) value.get()) : Optional.empty();
    }
}
