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
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Rows of {@code ops.last_dates}: the freshness of the last dates of all tables, in one file, so that reading them
 * takes the same time however many tables and dates a lake has.
 */
final class LastDates {
    /** Number of dates kept per table up to today, and after it, since today will pass them. */
    static final int KEPT = 14;

    private static final String STALE_INTERVALS = "stale_intervals";

    private final Lake lake;
    private final LocalDate today;
    private final Map<String, Map<LocalDate, Status>> statuses = new TreeMap<>();

    /** How a date stands, and how many of its intervals are to be computed again, where that is known. */
    private record Status(String status, Optional<Integer> staleIntervals) {}

    LastDates(Lake lake) {
        this.lake = lake;
        this.today = LocalDate.ofInstant(lake.clock().instant(), ZoneOffset.UTC);
    }

    /** Adds the rows of a folder of this table. */
    void readLastDates(Folder folder) throws IOException {
        for (GenericRecord row : rows(folder)) {
            put(row.get("table_name").toString(), row);
        }
    }

    /** Adds a table's rows from a folder of {@code ops.freshness}. */
    void readFreshness(String table, Folder folder) throws IOException {
        for (GenericRecord row : rows(folder)) {
            put(table, row);
        }
        trim(table);
    }

    /** Replaces a table's rows by rows of {@code ops.freshness}. */
    void replace(String table, Collection<OpsRow> rows) {
        statuses.remove(table);
        for (OpsRow row : rows) {
            Optional<Integer> stale = Optional.ofNullable((Integer) row.get(STALE_INTERVALS));
            put(table, (LocalDate) row.get("date"), new Status((String) row.get("status"), stale));
        }
        trim(table);
    }

    List<OpsRow> rows() {
        List<OpsRow> rows = new ArrayList<>();
        statuses.forEach((table, dates) -> dates.forEach((date, status) -> rows.add(new OpsRow()
                .set("table_name", table)
                .set("date", date)
                .set("status", status.status())
                .set(STALE_INTERVALS, status.staleIntervals()))));
        return rows;
    }

    private void put(String table, GenericRecord row) {
        LocalDate date = LocalDate.ofEpochDay((Integer) row.get("date"));
        // Files of older versions have no such column.
        Optional<Integer> stale = row.hasField(STALE_INTERVALS)
                ? Optional.ofNullable((Integer) row.get(STALE_INTERVALS))
                : Optional.empty();
        put(table, date, new Status(row.get("status").toString(), stale));
    }

    private void put(String table, LocalDate date, Status status) {
        statuses.computeIfAbsent(table, name -> new TreeMap<>()).put(date, status);
    }

    private void trim(String table) {
        TreeMap<LocalDate, Status> dates = new TreeMap<>(statuses.getOrDefault(table, Map.of()));
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
