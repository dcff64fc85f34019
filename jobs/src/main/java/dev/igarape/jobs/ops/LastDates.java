package dev.igarape.jobs.ops;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.publish.OpsPublisher.Folder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Rows of {@code ops.last_dates}, by table and date: what {@code ops.freshness} says of the last dates. All of them are in
 * one file, so that looking at them costs the same however many tables and dates a lake has.
 */
final class LastDates {
    /** Of each table so many dates up to today, and as many after it, which today will be among. */
    static final int KEPT = 14;

    private final Lake lake;
    private final LocalDate today;
    private final Map<String, Map<LocalDate, String>> statuses = new TreeMap<>();

    LastDates(Lake lake) {
        this.lake = lake;
        this.today = LocalDate.ofInstant(lake.clock().instant(), ZoneOffset.UTC);
    }

    /** Adds what a folder of this table holds. */
    void readLastDates(Folder folder) throws IOException {
        for (GenericRecord row : rows(folder)) {
            put(row.get("table_name").toString(), row);
        }
    }

    /** Adds what a folder of {@code ops.freshness} holds about a table. */
    void readFreshness(String table, Folder folder) throws IOException {
        for (GenericRecord row : rows(folder)) {
            put(table, row);
        }
        cut(table);
    }

    /** Replaces what is known of a table by rows of {@code ops.freshness}. */
    void replace(String table, Collection<OpsRow> rows) {
        statuses.remove(table);
        for (OpsRow row : rows) {
            put(table, (LocalDate) row.get("date"), (String) row.get("status"));
        }
        cut(table);
    }

    List<OpsRow> rows() {
        List<OpsRow> rows = new ArrayList<>();
        statuses.forEach((table, dates) -> dates.forEach((date, status) ->
                rows.add(new OpsRow().set("table_name", table).set("date", date).set("status", status))));
        return rows;
    }

    private void put(String table, GenericRecord row) {
        LocalDate date = LocalDate.ofEpochDay((Integer) row.get("date"));
        put(table, date, row.get("status").toString());
    }

    private void put(String table, LocalDate date, String status) {
        statuses.computeIfAbsent(table, name -> new TreeMap<>()).put(date, status);
    }

    private void cut(String table) {
        TreeMap<LocalDate, String> dates = new TreeMap<>(statuses.getOrDefault(table, Map.of()));
        TreeSet<LocalDate> kept = new TreeSet<>();
        dates.headMap(today, true).descendingKeySet().stream().limit(KEPT).forEach(kept::add);
        dates.tailMap(today, false).keySet().stream().limit(KEPT).forEach(kept::add);
        dates.keySet().retainAll(kept);
        statuses.put(table, dates);
    }

    private List<GenericRecord> rows(Folder folder) throws IOException {
        List<GenericRecord> rows = new ArrayList<>();
        for (FileStatus file : lake.files().listStatus(new Path(folder.location()))) {
            try (DataFileStream<GenericRecord> in = new DataFileStream<>(
                    new BufferedInputStream(lake.files().open(file.getPath())), new GenericDatumReader<>())) {
                in.forEach(rows::add);
            }
        }
        return rows;
    }
}
