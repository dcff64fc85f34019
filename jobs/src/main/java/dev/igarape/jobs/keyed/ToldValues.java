package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.ChangeCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;

/**
 * The last value that was told of each column which an event may leave out, and the last deletion of the key: a value from before it
 * is of an earlier row. Each is a maximum by the places of events, so that no order shows. Places are structs that can be compared.
 */
final class ToldValues {
    /** The last deletion of the key. */
    static final String GONE = ChangeCapture.OF_THE_PLATFORM + "gone";

    /** Of a column: its last value that was told, and where. */
    private static final String TOLD = ChangeCapture.OF_THE_PLATFORM + "told_";

    private static final String AT = "at";
    private static final String VALUE = "value";

    private final List<String> columns;

    ToldValues(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    List<String> columns() {
        return columns;
    }

    boolean isOf(String column) {
        return columns.contains(column);
    }

    /**
     * What an event tells.
     *
     * @param place of the event
     * @param isTold whether it tells a column
     * @param isGone whether it takes its key away
     */
    List<Column> of(Column place, Function<String, Column> isTold, Column isGone) {
        List<Column> told = new ArrayList<>();
        for (String column : columns) {
            told.add(when(
                            isTold.apply(column),
                            struct(place.as(AT), Latest.column(column).as(VALUE)))
                    .as(TOLD + column));
        }
        told.add(when(isGone, place).as(GONE));
        return told;
    }

    /** Names of the columns that {@link #of} gives. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        columns.forEach(column -> names.add(TOLD + column));
        names.add(GONE);
        return names;
    }

    /** Whether a column of states is a maximum of its own. */
    static boolean isFolded(String name) {
        return name.startsWith(TOLD) || name.equals(GONE) || name.equals(UnknownPast.UP_TO);
    }

    /** The last of several, by the name of its column. */
    static Column last(String name) {
        Column value = Latest.column(name);
        Column last = name.startsWith(TOLD) ? max_by(value, value.getField(AT)) : max(value);
        return last.as(name);
    }

    /** Whether more is told than what is known. */
    Column isNews(Column known) {
        Column news = lit(false);
        for (String column : columns) {
            Column told = col(TOLD + column + "." + AT);
            Column before = known.getField(TOLD + column).getField(AT);
            news = news.or(told.isNotNull().and(before.isNull().or(told.gt(before))));
        }
        Column gone = known.getField(GONE);
        return news.or(col(GONE).isNotNull().and(gone.isNull().or(col(GONE).gt(gone))));
    }

    /** Where a column was told last of what is known, or its key was gone if that was later. */
    static Column lastPlace(Column known, String column) {
        return greatest(known.getField(TOLD + column).getField(AT), known.getField(GONE));
    }

    /** What was said there, as {@link #said} has it. */
    static Column lastSaid(Column known, String column) {
        Column told = known.getField(TOLD + column);
        return when(isAfter(told, known.getField(GONE)), said(told.getField(VALUE), column));
    }

    /** What a value says, as text; that the key is gone is null. */
    static Column said(Column value, String column) {
        return RowJson.of(value.as(column));
    }

    /** The value of a column, if it was told after its key was gone. */
    static Column value(String column) {
        return value(told(column), col(GONE));
    }

    /** The value of what was told, if that was after a place; null places are before all others. */
    static Column value(Column told, Column gone) {
        return when(isAfter(told, gone), told.getField(VALUE));
    }

    /** Whether the value was told after a place. */
    static Column isAfter(Column told, Column place) {
        return place.isNull().or(told.getField(AT).gt(place));
    }

    static Column told(String column) {
        return Latest.column(TOLD + column);
    }
}
