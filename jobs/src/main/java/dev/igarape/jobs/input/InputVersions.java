package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The committed versions of an input by date, as they were at one moment. */
public interface InputVersions {
    /** Whether nothing was ever committed to it. */
    boolean isEmpty();

    /**
     * Whether each date is built or landed by itself, so that a date without rows is missing. Otherwise rows come when the
     * source has them, and a date may have none.
     */
    boolean isDated();

    /** Whether it shows a version of a date, perhaps one without rows. */
    boolean has(LocalDate date);

    /** The commits of whose rows a date of the reader reads some. */
    SequenceSet commits(LocalDate date, Reach reach);

    /**
     * How many rows of these commits a date of the reader reads; at most so many, where they were merged with others and are
     * too many to look at each.
     *
     * @throws IOException if the ledger has to be asked and can't be read
     */
    long rows(LocalDate date, Reach reach, SequenceSet commits) throws IOException;

    /** Whether rows that a date of the reader reads have expired by retention. */
    boolean haveExpired(LocalDate date, Reach reach);

    /** Rows of a date. */
    long rows(LocalDate date);

    /** Bytes of a date. */
    long bytes(LocalDate date);

    /** Bytes of those partitions of a date that may have rows of these times. */
    long bytes(LocalDate date, List<TimeRange> times);

    /** Dates of a reader that read a date of this input. */
    Set<LocalDate> readers(Reach reach);

    /**
     * The moment up to which all that the source had has been landed; empty for an input that is never landed whole.
     *
     * @throws IOException if that can't be read
     */
    Optional<Instant> landedUntil() throws IOException;
}
