package dev.igarape.jobs.landing.kafka.copy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What a task does with the records of each schema id, made when the id is met first. Looking one up stores nothing:
 * a reference stored for each record would cost the collector's barrier.
 */
final class WriterStreams {
    /** How many unknown ids are remembered, so that a flood of one asks the registry once. */
    private static final int REMEMBERED_REFUSALS = 1000;

    private static final int SCANNED = 8;

    private final IntFunction<WriterStream> make;
    private final int[] firstIds = new int[SCANNED];
    private final WriterStream[] first = new WriterStream[SCANNED];
    private final Map<Integer, WriterStream> landings = new HashMap<>();
    private final Map<Integer, WriterStream> refused = new LinkedHashMap<>();

    /** @param make says what to do with an id */
    WriterStreams(IntFunction<WriterStream> make) {
        this.make = make;
    }

    WriterStream of(int id) {
        for (int i = 0; i < SCANNED; i++) {
            if (firstIds[i] == id && first[i] != null) {
                return first[i];
            }
        }
        WriterStream known = landings.get(id);
        if (known == null) {
            known = refused.get(id);
        }
        return known == null ? meet(id) : known;
    }

    private WriterStream meet(int id) {
        WriterStream stream = make.apply(id);
        if (stream instanceof WriterStream.Landing) {
            if (landings.size() < SCANNED) {
                firstIds[landings.size()] = id;
                first[landings.size()] = stream;
            }
            landings.put(id, stream);
            return stream;
        }
        if (refused.size() >= REMEMBERED_REFUSALS) {
            refused.remove(refused.keySet().iterator().next());
        }
        refused.put(id, stream);
        return stream;
    }
}
