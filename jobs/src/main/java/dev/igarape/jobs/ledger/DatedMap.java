package dev.igarape.jobs.ledger;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What belongs to dates, by key and in order, with a list of it for each state of the ledger. A list shares the parts of
 * dates that did not change with the list before it.
 */
final class DatedMap<K, T> {
    private final Function<T, K> keyOf;
    private final Function<T, LocalDate> dateOf;
    private final Map<K, T> all = new LinkedHashMap<>();
    private final Map<LocalDate, Map<K, T>> byDate = new HashMap<>();
    private final Set<LocalDate> changed = new HashSet<>();
    private final Map<LocalDate, List<T>> lists = new HashMap<>();
    private DatedList<T> last = new DatedList<>(List.of(), Map.of());

    DatedMap(Collection<T> start, Function<T, K> keyOf, Function<T, LocalDate> dateOf) {
        this.keyOf = keyOf;
        this.dateOf = dateOf;
        start.forEach(this::put);
    }

    /** Puts an element in the place of the one with its key, or last where there is none. */
    void put(T element) {
        K key = keyOf.apply(element);
        LocalDate date = dateOf.apply(element);
        all.put(key, element);
        byDate.computeIfAbsent(date, any -> new LinkedHashMap<>()).put(key, element);
        changed.add(date);
    }

    /** Puts an element last and takes the one with its key away. */
    void putLast(T element) {
        remove(keyOf.apply(element));
        put(element);
    }

    void remove(K key) {
        T gone = all.remove(key);
        if (gone != null) {
            LocalDate date = dateOf.apply(gone);
            byDate.get(date).remove(key);
            changed.add(date);
        }
    }

    /** The elements as they are now. */
    DatedList<T> list() {
        if (!changed.isEmpty()) {
            for (LocalDate date : changed) {
                if (byDate.get(date).isEmpty()) {
                    byDate.remove(date);
                    lists.remove(date);
                } else {
                    lists.put(date, List.copyOf(byDate.get(date).values()));
                }
            }
            changed.clear();
            last = new DatedList<>(elements(), new HashMap<>(lists));
        }
        return last;
    }

    /** One copy, for there may be 100,000. */
    @SuppressWarnings("unchecked")
    private List<T> elements() {
        return Collections.unmodifiableList((List<T>) Arrays.asList(all.values().toArray()));
    }
}
