package dev.igarape.cli.demo.bookstore;

import dev.igarape.cli.demo.bookstore.CustomerChange.Country;
import dev.igarape.model.DateRange;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Four days of a bookstore, invented from a seed: all that happened, each thing once and in order.
 *
 * @param books changes of books, those of each in order
 * @param customers changes of customers, likewise
 * @param orders those that are valid
 * @param refused events that the shop should not have sent: orders without books, customers with a status or country
 *     that nobody knows
 */
record Shop(List<BookChange> books, List<CustomerChange> customers, List<Order> orders, List<ShopEvent> refused) {
    static final LocalDate FIRST = LocalDate.parse("2024-06-01");
    static final int DAYS = 4;
    static final DateRange DATES = new DateRange(FIRST, FIRST.plusDays(DAYS));
    /** The book of which the demo shows the prices, and the customer of which it shows the changes. */
    static final String SHOWN_BOOK = "B01";

    static final String SHOWN_CUSTOMER = "C01";

    private static final int BOOKS = 24;
    private static final int CUSTOMERS = 40;
    private static final int ORDERS = 600;
    private static final Duration OPENING = Duration.ofHours(8);
    private static final Duration OPEN = Duration.ofHours(14);
    private static final List<String> AUTHORS = List.of(
            "Clarice Lispector",
            "Fernando Pessoa",
            "Jorge Amado",
            "Machado de Assis",
            "Natsume Soseki",
            "Toni Morrison",
            "Ursula K. Le Guin");
    private static final List<String> FIRST_NAMES = List.of("Ana", "Bia", "Caio", "Davi", "Eva", "Ines", "Joao", "Lia");
    private static final List<Country> COUNTRIES = List.of(
            new Country("AR", "Argentina"),
            new Country("BR", "Brazil"),
            new Country("DE", "Germany"),
            new Country("JP", "Japan"),
            new Country("PT", "Portugal"),
            new Country("US", "United States"));
    private static final Country UNKNOWN = new Country("XX", "Atlantis");

    Shop {
        books = List.copyOf(books);
        customers = List.copyOf(customers);
        orders = List.copyOf(orders);
        refused = List.copyOf(refused);
    }

    /** The same seed gives the same shop. */
    static Shop of(long seed) {
        return new Inventor(new Random(seed)).invent();
    }

    /** All events, those that are refused too. */
    List<ShopEvent> events() {
        List<ShopEvent> events = new ArrayList<>(books);
        events.addAll(customers);
        events.addAll(orders);
        events.addAll(refused);
        return events;
    }

    private static final class Inventor {
        private final Random random;
        private final Map<String, List<BookChange>> books = new LinkedHashMap<>();
        private final List<CustomerChange> customers = new ArrayList<>();
        private final List<ShopEvent> refused = new ArrayList<>();

        Inventor(Random random) {
            this.random = random;
        }

        Shop invent() {
            for (int i = 1; i <= BOOKS; i++) {
                book("B%02d".formatted(i));
            }
            for (int i = 1; i <= CUSTOMERS; i++) {
                customer("C%02d".formatted(i));
            }
            List<Order> orders = new ArrayList<>();
            for (int i = 1; i <= ORDERS; i++) {
                order("O%04d".formatted(i), orders);
            }
            return new Shop(books.values().stream().flatMap(List::stream).toList(), customers, orders, refused);
        }

        /** Books are known before the shop opens; then prices change, or titles, or nothing at all. */
        private void book(String id) {
            LocalDateTime at = FIRST.atStartOfDay().plusSeconds(random.nextInt(3600));
            BookChange book = new BookChange(id, "Book " + id, pick(AUTHORS), 10 + random.nextInt(40), at);
            List<BookChange> changes = new ArrayList<>(List.of(book));
            if (id.equals(SHOWN_BOOK)) {
                // A mistake that is mended before anybody buys the book.
                book = new BookChange(id, book.title(), other(AUTHORS, book.author()), book.price(), at.plusHours(1));
                changes.add(book);
            }
            int more = id.equals(SHOWN_BOOK) ? 4 : random.nextInt(4);
            for (LocalDateTime moment : moments(more, 0)) {
                String title = random.nextInt(5) == 0 ? book.title() + ", new edition" : book.title();
                long price = random.nextInt(4) == 0 ? book.price() : 10 + random.nextInt(40);
                book = new BookChange(id, title, book.author(), price, moment);
                changes.add(book);
            }
            books.put(id, changes);
        }

        /** Customers come on the first day, move, leave, and some return. */
        private void customer(String id) {
            boolean shown = id.equals(SHOWN_CUSTOMER);
            String name = pick(FIRST_NAMES);
            customers.add(new CustomerChange(
                    id,
                    "insert",
                    name,
                    city(),
                    pick(COUNTRIES),
                    FIRST.atStartOfDay().plusSeconds(random.nextInt(3600))));
            for (LocalDateTime moment : moments(shown ? 0 : random.nextInt(3), 0)) {
                customers.add(new CustomerChange(id, "update", name, city(), pick(COUNTRIES), moment));
            }
            boolean leaves = shown || random.nextInt(5) == 0;
            LocalDateTime evening = FIRST.plusDays(1).atTime(23, 0);
            if (leaves) {
                customers.add(new CustomerChange(id, CustomerChange.DELETE, "", "", UNKNOWN, evening));
            }
            if (leaves && (shown || random.nextBoolean())) {
                LocalDateTime back = FIRST.plusDays(DAYS - 1).atTime(7, random.nextInt(60));
                customers.add(new CustomerChange(id, "insert", name, city(), pick(COUNTRIES), back));
            }
            if (random.nextInt(10) == 0) {
                LocalDateTime later = FIRST.plusDays(DAYS - 1).atTime(23, random.nextInt(60));
                refused.add(new CustomerChange(id, "merge", name, city(), pick(COUNTRIES), later));
                refused.add(new CustomerChange(id, "update", name, city(), UNKNOWN, later.plusSeconds(1)));
            }
        }

        private void order(String id, List<Order> orders) {
            LocalDateTime at = moment(random.nextInt(DAYS));
            // One in a hundred buys without being a customer.
            String customer = random.nextInt(100) == 0 ? "C99" : "C%02d".formatted(1 + random.nextInt(CUSTOMERS));
            if (random.nextInt(50) == 0) {
                refused.add(new Order(id, customer, List.of(), at));
                return;
            }
            TreeSet<String> bought = new TreeSet<>();
            int count = 1 + random.nextInt(3);
            while (bought.size() < count) {
                bought.add("B%02d".formatted(1 + random.nextInt(BOOKS)));
            }
            List<Order.Line> lines = bought.stream()
                    .map(book -> new Order.Line(book, 1 + random.nextInt(4), price(book, at)))
                    .toList();
            orders.add(new Order(id, customer, lines, at));
        }

        private long price(String book, LocalDateTime at) {
            return books.get(book).stream()
                    .filter(change -> !change.at().isAfter(at))
                    .reduce((earlier, later) -> later)
                    .orElseThrow()
                    .price();
        }

        /** Some moments at which the shop is open, in order, no two of them equal. */
        private TreeSet<LocalDateTime> moments(int count, int from) {
            TreeSet<LocalDateTime> moments = new TreeSet<>(Comparator.naturalOrder());
            while (moments.size() < count) {
                moments.add(moment(from + random.nextInt(DAYS - from)));
            }
            return moments;
        }

        private LocalDateTime moment(int day) {
            return FIRST.plusDays(day).atStartOfDay().plus(OPENING).plusSeconds(random.nextInt((int) OPEN.toSeconds()));
        }

        private String city() {
            return "City " + (1 + random.nextInt(99));
        }

        private <T> T pick(List<T> from) {
            return from.get(random.nextInt(from.size()));
        }

        private String other(List<String> from, String than) {
            return from.get((from.indexOf(than) + 1) % from.size());
        }
    }
}
