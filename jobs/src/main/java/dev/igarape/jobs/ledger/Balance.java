package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** Row counts of a commit (for a landing: records): every row read is written, quarantined, dropped or filtered. */
public record Balance(
        long read, long written, long quarantined, long dropped, long filtered, long duplicates, long late) {
    public static final Balance NONE = new Balance(0, 0, 0, 0, 0, 0, 0);

    public static Balance landed(long read, long written, long quarantined) {
        return new Balance(read, written, quarantined, 0, 0, 0, 0);
    }

    /** With tombstones that the definition leaves out. */
    public static Balance landed(long read, long written, long quarantined, long dropped) {
        return new Balance(read, written, quarantined, dropped, 0, 0, 0);
    }

    @JsonIgnore
    public boolean holds() {
        return read == written + quarantined + dropped + filtered + duplicates + late
                && written >= 0
                && quarantined >= 0
                && dropped >= 0
                && filtered >= 0
                && duplicates >= 0
                && late >= 0;
    }

    /** What is left without these rows. */
    public Balance minus(Balance other) {
        return new Balance(
                read - other.read,
                written - other.written,
                quarantined - other.quarantined,
                dropped - other.dropped,
                filtered - other.filtered,
                duplicates - other.duplicates,
                late - other.late);
    }

    public Balance plus(Balance other) {
        return new Balance(
                read + other.read,
                written + other.written,
                quarantined + other.quarantined,
                dropped + other.dropped,
                filtered + other.filtered,
                duplicates + other.duplicates,
                late + other.late);
    }
}
