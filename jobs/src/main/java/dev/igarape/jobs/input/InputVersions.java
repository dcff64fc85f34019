package dev.igarape.jobs.input;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The committed versions of an input by date, as they were at one moment. */
public interface InputVersions {
    /** Whether nothing was ever committed to it. */
    boolean isEmpty();

    /**
     * Whether each date is built or landed by itself, so that a date without rows is missing. Otherwise rows come when the
     * source has them, and a date may have none.
     */
    boolean isDated();

    /** Dates that have been committed, also those whose rows are gone by now. */
    Set<LocalDate> dates();

    /** Whether it shows a version of a date, perhaps one without rows. */
    boolean has(LocalDate date);

    /** Rows by commit of the dates from {@code lookback} days before a date until that date. */
    TreeMap<Long, Long> commits(LocalDate date, int lookback);

    /** Whether rows of a date, or of as many dates before it, have expired by retention. */
    boolean haveExpired(LocalDate date, int lookback);

    /** Rows of a date. */
    long rows(LocalDate date);

    /** Bytes of a date. */
    long bytes(LocalDate date);

    /** Dates of a reader that read a date of this input. */
    Set<LocalDate> readers(int lookback);

    /**
     * The moment up to which all that the source had has been landed; empty for an input that is never landed whole.
     *
     * @throws IOException if that can't be read
     */
    Optional<Instant> landedUntil() throws IOException;
}
