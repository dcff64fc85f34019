package dev.igarape.jobs.ledger;

import java.time.LocalDate;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.Function;

/** An immutable list of what belongs to dates; what belongs to one date is found without a search. */
final class DatedList<T> extends AbstractList<T> implements RandomAccess {
    private final List<T> all;
    private final Map<LocalDate, List<T>> byDate;

    /**
     * A list of parts that nobody changes any more.
     *
     * @param byDate the same elements in the same order, by their date
     */
    DatedList(List<T> all, Map<LocalDate, List<T>> byDate) {
        this.all = all;
        this.byDate = byDate;
    }

    /** These elements in their order. */
    static <T> DatedList<T> copyOf(Collection<T> elements, Function<T, LocalDate> dateOf) {
        if (elements instanceof DatedList<T> dated) {
            return dated;
        }
        Map<LocalDate, List<T>> byDate = new HashMap<>();
        elements.forEach(element -> byDate.computeIfAbsent(dateOf.apply(element), date -> new ArrayList<>())
                .add(element));
        return new DatedList<>(List.copyOf(elements), byDate);
    }

    /** The elements of one date, in their order. */
    List<T> of(LocalDate date) {
        return byDate.getOrDefault(date, List.of());
    }

    Set<LocalDate> dates() {
        return Collections.unmodifiableSet(byDate.keySet());
    }

    @Override
    public T get(int index) {
        return all.get(index);
    }

    @Override
    public int size() {
        return all.size();
    }
}
