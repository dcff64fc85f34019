package dev.igarape.jobs.kind;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the builds of one process share and keep open, such as connections: each is made when it is first asked for, and stays
 * until {@link #close}. May be used by several threads.
 */
public final class Resources implements AutoCloseable {
    private final Map<Class<?>, Resource> open = new LinkedHashMap<>();

    /** Something that can be closed without a checked exception. */
    public interface Resource extends AutoCloseable {
        @Override
        void close();
    }

    /** The resource of this type; the same one each time. */
    public synchronized <T extends Resource> T get(Class<T> type, Supplier<T> make) {
        return type.cast(open.computeIfAbsent(type, key -> make.get()));
    }

    /** Closes all of them, the last one first. Who asks after that gets new ones. */
    @Override
    public synchronized void close() {
        List<Resource> last = new ArrayList<>(open.values());
        open.clear();
        Collections.reverse(last);
        last.forEach(Resource::close);
    }
}
