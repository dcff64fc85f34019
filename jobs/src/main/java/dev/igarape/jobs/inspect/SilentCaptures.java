package dev.igarape.jobs.inspect;

import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.model.job.Inspected.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Partitions of event hubs that are captured no more. Capture writes a file for each partition in each of its windows, without
 * events where nothing came, so a partition without new files is not one without events.
 */
final class SilentCaptures {
    /** Four of the longest windows that Capture can have. */
    private static final Duration BEHIND_OTHERS = Duration.ofHours(1);
    /** Longer, since captures may be brought to the lake once a day. */
    private static final Duration BEHIND_LANDING = Duration.ofDays(1);

    private static final String REMEDY =
            "See that Event Hubs still captures it and may write. It writes files without events,"
                    + " too, unless it is told to write none; then a partition is silent while nothing comes.";

    private SilentCaptures() {}

    /**
     * What to tell of a table's captures; nothing where it has none.
     *
     * @param files the last version landed of each file
     * @param looked when the landing has last looked for files, and landed all of them; empty if it never did
     */
    static List<Finding> findings(Collection<Consumed.FileVersion> files, Optional<Instant> looked) {
        Map<String, Map<Integer, Instant>> last = new TreeMap<>();
        for (Consumed.FileVersion file : files) {
            file.captured()
                    .ifPresent(captured -> last.computeIfAbsent(captured.eventHub(), hub -> new TreeMap<>())
                            .merge(captured.partition(), file.modified(), (a, b) -> a.isAfter(b) ? a : b));
        }
        List<Finding> findings = new ArrayList<>();
        last.forEach((hub, partitions) -> {
            String name = hub.isEmpty() ? "the event hub" : "event hub " + hub;
            Instant newest = Collections.max(partitions.values());
            looked.filter(moment -> newest.plus(BEHIND_LANDING).isBefore(moment))
                    .ifPresent(moment -> findings.add(new Finding(
                            false,
                            name + " has sent no capture since " + newest + ", though files were looked for at "
                                    + moment,
                            REMEDY)));
            partitions.forEach((partition, sent) -> {
                if (sent.plus(BEHIND_OTHERS).isBefore(newest)) {
                    findings.add(new Finding(
                            false,
                            "partition " + partition + " of " + name + " has sent no capture since " + sent
                                    + ", while others have until " + newest,
                            REMEDY));
                }
            });
        });
        return findings;
    }
}
