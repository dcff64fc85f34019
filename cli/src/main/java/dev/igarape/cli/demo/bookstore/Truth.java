package dev.igarape.cli.demo.bookstore;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What tables of a shop's events have to show: each row as its values with bars between them, in order. */
final class Truth {
    private static final int WINDOW_MINUTES = 5;

    private final Shop shop;
    private final Map<String, List<BookChange>> books;

    Truth(Shop shop) {
        this.shop = shop;
        this.books = shop.books().stream()
                .sorted(Comparator.comparing(BookChange::at))
                .collect(Collectors.groupingBy(BookChange::id, TreeMap::new, Collectors.toList()));
    }

    /** Country, date, number of orders, number of books. */
    List<String> countryStatistics() {
        Map<String, CustomerChange> customers = latestCustomers();
        Map<String, long[]> counts = new TreeMap<>();
        for (Order order : shop.orders()) {
            CustomerChange customer = customers.get(order.customer());
            if (customer != null) {
                LocalDate date = order.at().toLocalDate();
                long[] count = counts.computeIfAbsent(customer.country().name() + "|" + date, key -> new long[] {0, 0});
                count[0]++;
                count[1] += order.quantity();
            }
        }
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + "|" + entry.getValue()[0] + "|" + entry.getValue()[1])
                .toList();
    }

    /** Start of a window, author, number of orders, average quantity. */
    List<String> authorStatistics() {
        Map<String, Set<String>> orders = new TreeMap<>();
        Map<String, List<Long>> quantities = new HashMap<>();
        for (Order order : shop.orders()) {
            LocalDateTime minute = order.at().withSecond(0);
            LocalDateTime window = minute.minusMinutes(minute.getMinute() % WINDOW_MINUTES);
            for (Order.Line line : order.lines()) {
                String key = ShopEvent.SHOWN.format(window) + "|"
                        + at(line.book(), order.at()).author();
                orders.computeIfAbsent(key, k -> new HashSet<>()).add(order.id());
                quantities.computeIfAbsent(key, k -> new ArrayList<>()).add(line.quantity());
            }
        }
        List<String> rows = new ArrayList<>();
        orders.forEach((key, ids) -> {
            long sum = quantities.get(key).stream().mapToLong(Long::longValue).sum();
            rows.add(key + "|" + ids.size() + "|"
                    + (double) sum / quantities.get(key).size());
        });
        return rows;
    }

    /** Id, first name, city, country. */
    List<String> customers() {
        return latestCustomers().values().stream()
                .map(customer -> Stream.of(
                                customer.id(),
                                customer.firstName(),
                                customer.city(),
                                customer.country().name())
                        .collect(Collectors.joining("|")))
                .toList();
    }

    /** Book, title, author, price, since when, until when, whether it still holds. */
    List<String> bookHistory() {
        List<String> rows = new ArrayList<>();
        for (List<BookChange> changes : books.values()) {
            List<BookChange> versions = new ArrayList<>();
            for (BookChange change : changes) {
                if (versions.isEmpty() || !change.sameAs(versions.get(versions.size() - 1))) {
                    versions.add(change);
                }
            }
            for (int i = 0; i < versions.size(); i++) {
                Optional<BookChange> next =
                        i + 1 < versions.size() ? Optional.of(versions.get(i + 1)) : Optional.empty();
                BookChange version = versions.get(i);
                rows.add(Stream.of(
                                version.id(),
                                version.title(),
                                version.author(),
                                version.price(),
                                ShopEvent.SHOWN.format(version.at()),
                                next.map(change -> ShopEvent.SHOWN.format(change.at())),
                                next.isEmpty())
                        .map(value -> value instanceof Optional<?> maybe ? maybe.orElse(null) : value)
                        .map(String::valueOf)
                        .collect(Collectors.joining("|")));
            }
        }
        return rows;
    }

    /** Id, title, author and price of each book in the end. */
    List<String> currentBooks() {
        return books.values().stream()
                .map(changes -> changes.get(changes.size() - 1))
                .map(book -> book.id() + "|" + book.title() + "|" + book.author() + "|" + book.price())
                .toList();
    }

    /** Sold books of each date: number of lines, of books, and what they cost when they were ordered. */
    List<String> sales() {
        Map<LocalDate, long[]> sales = new TreeMap<>();
        for (Order order : shop.orders()) {
            long[] date = sales.computeIfAbsent(order.at().toLocalDate(), day -> new long[] {0, 0, 0});
            for (Order.Line line : order.lines()) {
                date[0]++;
                date[1] += line.quantity();
                date[2] += line.quantity() * at(line.book(), order.at()).price();
            }
        }
        return sales.entrySet().stream()
                .map(entry -> entry.getKey() + "|" + entry.getValue()[0] + "|" + entry.getValue()[1] + "|"
                        + entry.getValue()[2])
                .toList();
    }

    private Map<String, CustomerChange> latestCustomers() {
        Map<String, CustomerChange> latest = new LinkedHashMap<>();
        shop.customers().stream()
                .sorted(Comparator.comparing(CustomerChange::id).thenComparing(CustomerChange::at))
                .forEach(change -> latest.put(change.id(), change));
        latest.values().removeIf(CustomerChange::deletes);
        return latest;
    }

    private BookChange at(String book, LocalDateTime moment) {
        return books.get(book).stream()
                .filter(change -> !change.at().isAfter(moment))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }
}
