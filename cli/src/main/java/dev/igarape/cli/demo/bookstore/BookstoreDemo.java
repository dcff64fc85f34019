package dev.igarape.cli.demo.bookstore;

import dev.igarape.cli.demo.checked.Check;
import dev.igarape.cli.demo.checked.Part;
import dev.igarape.cli.demo.checked.Scenario;
import dev.igarape.cli.demo.checked.Shown;
import dev.igarape.model.DateRange;
import dev.igarape.model.Layer;
import dev.igarape.model.targets.Target;
import java.util.List;
import java.util.Set;

/** Tables that change: a bookstore's orders, books and customers, some twice, some late and none in order. */
public final class BookstoreDemo implements Scenario {
    public static final String PIPELINE = "bookstore";

    private static final long SEED = 7;

    private final Shop shop = Shop.of(SEED);

    @Override
    public String pipeline() {
        return PIPELINE;
    }

    @Override
    public Set<String> servers() {
        return Set.of("storage", "kafka", "trino");
    }

    @Override
    public DateRange dates() {
        return Shop.DATES;
    }

    @Override
    public List<String> topics() {
        return List.of("orders", "books", "customers");
    }

    @Override
    public List<Part> parts(Target target) {
        return Deliveries.of(shop, SEED).stream().map(Part::of).toList();
    }

    @Override
    public List<Check> checks(Target target) {
        Truth truth = new Truth(shop);
        String trusted = target.database(Layer.TRUSTED);
        String gold = target.database(Layer.GOLD);
        return List.of(
                new Check(
                        gold + ".country_statistics",
                        "SELECT country, order_date, orders_count, books_count FROM %s.country_statistics ORDER BY 1, 2"
                                .formatted(gold),
                        truth.countryStatistics()),
                new Check(
                        gold + ".author_statistics",
                        ("SELECT date_format(window_start, '%%Y-%%m-%%d %%H:%%i:%%s'), author, orders_count, avg_quantity"
                                        + " FROM %s.author_statistics ORDER BY 1, 2")
                                .formatted(gold),
                        truth.authorStatistics()),
                new Check(
                        trusted + ".customers",
                        "SELECT customer_id, first_name, city, country FROM %s.customers ORDER BY 1".formatted(trusted),
                        truth.customers()),
                new Check(
                        trusted + ".current_books",
                        "SELECT book_id, title, author, CAST(price AS bigint) FROM %s.current_books ORDER BY 1"
                                .formatted(trusted),
                        truth.currentBooks()),
                new Check(
                        trusted + ".books",
                        ("SELECT book_id, title, author, CAST(price AS bigint),"
                                        + " date_format(effective_date, '%%Y-%%m-%%d %%H:%%i:%%s'),"
                                        + " date_format(end_date, '%%Y-%%m-%%d %%H:%%i:%%s'), \"current\""
                                        + " FROM %s.books ORDER BY 1, 5")
                                .formatted(trusted),
                        truth.bookHistory()),
                new Check(
                        trusted + ".books_sales",
                        ("SELECT date, count(*), sum(quantity), CAST(sum(quantity * price) AS bigint) FROM %s.books_sales"
                                        + " GROUP BY date ORDER BY 1")
                                .formatted(trusted),
                        truth.sales()));
    }

    @Override
    public List<Shown> shown(Target target) {
        String trusted = target.database(Layer.TRUSTED);
        String gold = target.database(Layer.GOLD);
        return List.of(
                new Shown(
                        gold + ".country_statistics",
                        "SELECT * FROM %s.country_statistics ORDER BY order_date, country LIMIT 6".formatted(gold)),
                new Shown(
                        gold + ".author_statistics",
                        ("SELECT window_start, author, orders_count, avg_quantity FROM %s.author_statistics"
                                        + " ORDER BY 1, 2 LIMIT 6")
                                .formatted(gold)),
                new Shown(
                        "The prices of book %s in %s.books".formatted(Shop.SHOWN_BOOK, trusted),
                        ("SELECT title, author, price, effective_date, end_date, \"current\" FROM %s.books"
                                        + " WHERE book_id = '%s' ORDER BY effective_date")
                                .formatted(trusted, Shop.SHOWN_BOOK)),
                new Shown(
                        "What became of customer %s in %s.customers".formatted(Shop.SHOWN_CUSTOMER, trusted),
                        ("SELECT customer_id, city, country, row_status, row_time, _change_type, _commit_version"
                                        + " FROM TABLE(delta.system.table_changes(schema_name => '%s', table_name => 'customers'))"
                                        + " WHERE customer_id = '%s' ORDER BY _commit_version, _change_type")
                                .formatted(trusted, Shop.SHOWN_CUSTOMER)));
    }
}
