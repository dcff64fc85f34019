package dev.igarape.jobs.landing.kafka.copy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Streams of a task by schema id, created when an id occurs first. A lookup stores no reference, because a reference
 * stored for each record would cost a write barrier of the garbage collector.
 */
final class WriterStreams {
    /** Number of unknown ids that are cached, so that repeated ones do not query the registry again. */
    private static final int REMEMBERED_REFUSALS = 1000;

    private static final int SCANNED = 8;

    private final IntFunction<WriterStream> make;
    private final int[] firstIds = new int[SCANNED];
    private final WriterStream[] first = new WriterStream[SCANNED];
    private final Map<Integer, WriterStream> landings = new HashMap<>();
    private final Map<Integer, WriterStream> refused = new LinkedHashMap<>();

    /** @param make creates the stream of an id */
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
