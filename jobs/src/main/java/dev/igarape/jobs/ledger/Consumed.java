package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a commit took from a source that the next landing goes on with: offsets of Kafka topics, or versions of files. It is
 * in the same entry as the rows that came of it, so that each record is landed once.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Consumed.Topics.class, name = "topics"),
    @JsonSubTypes.Type(value = Consumed.Files.class, name = "files")
})
public sealed interface Consumed {
    /** The topics, or the paths of the files; no topic has a path's slash in its name. */
    Set<String> names();

    /** Adds this to what a ledger's commits have consumed. */
    void addTo(LedgerFold fold);

    /** Whether two commits took from the same topic, or took the same file, so that only one of them can be made. */
    default boolean overlaps(Consumed other) {
        return !Collections.disjoint(names(), other.names());
    }

    /** Offsets, by topic. */
    record Topics(Map<String, Topic> topics) implements Consumed {
        public Topics {
            topics = Collections.unmodifiableMap(new TreeMap<>(topics));
        }

        @Override
        public Set<String> names() {
            return topics.keySet();
        }

        @Override
        public void addTo(LedgerFold fold) {
            fold.add(this);
        }
    }

    /**
     * Offsets of one topic.
     *
     * @param id Kafka's id of the topic, which differs once the topic is deleted and created anew
     * @param partitions of all partitions, also those that had nothing new
     */
    record Topic(Optional<String> id, Map<Integer, Offsets> partitions) {
        public Topic {
            partitions = Collections.unmodifiableMap(new TreeMap<>(partitions));
        }
    }

    /** Offsets {@code from} (inclusive) to {@code until} (exclusive) of one Kafka partition. */
    record Offsets(long from, long until) {
        public Offsets {
            if (from < 0 || until < from) {
                throw new IllegalArgumentException("offsets " + from + " to " + until + " are no range");
            }
        }
    }

    /** Files, by path. */
    record Files(Map<String, FileVersion> files) implements Consumed {
        public Files {
            files = Collections.unmodifiableMap(new TreeMap<>(files));
        }

        @Override
        public Set<String> names() {
            return files.keySet();
        }

        @Override
        public void addTo(LedgerFold fold) {
            fold.add(this);
        }

        /** Also where different files have brought the same events. */
        @Override
        public boolean overlaps(Consumed other) {
            return Consumed.super.overlaps(other)
                    || other instanceof Files theirs
                            && captured().anyMatch(ours -> theirs.captured().anyMatch(ours::sharesEvents));
        }

        private Stream<Captured> captured() {
            return files.values().stream().flatMap(version -> version.captured().stream());
        }
    }

    /**
     * One content of a file.
     *
     * @param length bytes
     * @param sha256 of these, in hexadecimal
     * @param captured which events it has brought, if it is a capture of Event Hubs
     */
    record FileVersion(long length, Instant modified, String sha256, Optional<Captured> captured) {
        /** Of a file that is no capture. */
        public FileVersion(long length, Instant modified, String sha256) {
            this(length, modified, sha256, Optional.empty());
        }

        /** The same version, with which missing events are accepted. */
        public FileVersion accepting(SequenceSet.Range missing) {
            return new FileVersion(length, modified, sha256, captured.map(events -> events.accepting(missing)));
        }
    }

    /**
     * Events of one partition that a file has brought into the table.
     *
     * @param numbers their sequence numbers, without those that another file had brought before
     * @param accepted numbers before them that were missing, which whoever ran the landing has accepted
     * @param enqueued when they were, which tells them from those of an event hub that was made anew and counts from 0
     *     again; empty if no event has a time
     * @param duplicates further numbers in the file, which another one had brought
     */
    record Captured(
            String eventHub,
            int partition,
            SequenceSet numbers,
            Optional<SequenceSet> accepted,
            Optional<TimeRange> enqueued,
            Optional<SequenceSet> duplicates) {
        /** Without accepted ones. */
        public Captured(
                String eventHub,
                int partition,
                SequenceSet numbers,
                Optional<TimeRange> enqueued,
                SequenceSet duplicates) {
            this(
                    eventHub,
                    partition,
                    numbers,
                    Optional.empty(),
                    enqueued,
                    Optional.of(duplicates).filter(set -> !set.isEmpty()));
        }

        /** The same events, with these accepted. */
        public Captured withAccepted(Optional<SequenceSet> others) {
            return new Captured(eventHub, partition, numbers, others, enqueued, duplicates);
        }

        private boolean sharesEvents(Captured other) {
            return eventHub.equals(other.eventHub) && partition == other.partition && numbers.intersects(other.numbers);
        }

        private Captured accepting(SequenceSet.Range missing) {
            List<SequenceSet.Range> all = new ArrayList<>(List.of(missing));
            accepted.ifPresent(set -> all.addAll(set.ranges()));
            return withAccepted(Optional.of(SequenceSet.union(all)));
        }
    }
}
