package dev.igarape.cli.demo.bookstore;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.demo.Topic;
import dev.igarape.cli.demo.bookstore.Deliveries.Delivery;
import dev.igarape.cli.query.OutputFormat;
import dev.igarape.cli.query.TrinoClient;
import dev.igarape.model.DateRange;
import dev.igarape.model.Layer;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The demo of tables that change: a bookstore's events go to Kafka in three parts, and the pipeline runs after each. Then its
 * tables have to show what followed from the events, whatever their order. Sent again, the same events change nothing in them.
 */
public final class BookstoreDemo {
    public static final String PIPELINE = "bookstore";
    /** The servers that it needs. */
    public static final Set<String> SERVERS = Set.of("storage", "kafka", "trino");

    private static final long SEED = 7;
    private static final int SHOWN_DIFFERENCES = 5;
    private static final List<String> TOPICS = List.of("orders", "books", "customers");

    private final Target target;
    private final Runs runs;
    private final Progress progress;

    /** Builds all tables of the pipeline for a range of dates. */
    @FunctionalInterface
    public interface Runs {
        void build(DateRange range);
    }

    public BookstoreDemo(Target target, Runs runs, Progress progress) {
        this.target = target;
        this.runs = runs;
        this.progress = progress;
    }

    /** @throws LakeException EXPECTATION if a table shows anything else than what happened in the shop */
    public void run(PrintWriter out) {
        Shop shop = Shop.of(SEED);
        // The timestamps are years old, and a broker drops such records after some minutes otherwise.
        TOPICS.forEach(topic -> new Topic(topic, target.kafka()).createIfMissing(Map.of("retention.ms", "-1")));
        int part = 0;
        for (List<Delivery> deliveries : Deliveries.of(shop, SEED)) {
            part++;
            send(deliveries);
            progress.step("Sent part %d of 3: %d records, some twice and some late".formatted(part, deliveries.size()));
            runs.build(new DateRange(Shop.FIRST, Shop.FIRST.plusDays(Shop.DAYS)));
        }
        check(new Truth(shop));
        print(out);
    }

    private void send(List<Delivery> deliveries) {
        Map<String, Object> properties = new HashMap<>(target.kafka());
        properties.put("acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (Delivery delivery : deliveries) {
                sent.add(producer.send(new ProducerRecord<>(
                        delivery.topic(),
                        null,
                        delivery.at().toEpochMilli(),
                        delivery.key().getBytes(StandardCharsets.UTF_8),
                        delivery.value().getBytes(StandardCharsets.UTF_8))));
            }
            for (Future<?> record : sent) {
                record.get();
            }
        } catch (ExecutionException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot send to Kafka: %s. Is it up? ./lake status tells."
                            .formatted(e.getCause().getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void check(Truth truth) {
        String trusted = target.database(Layer.TRUSTED);
        String gold = target.database(Layer.GOLD);
        check(
                gold + ".country_statistics",
                "SELECT country, order_date, orders_count, books_count FROM %s.country_statistics ORDER BY 1, 2"
                        .formatted(gold),
                truth.countryStatistics());
        check(
                gold + ".author_statistics",
                ("SELECT date_format(window_start, '%%Y-%%m-%%d %%H:%%i:%%s'), author, orders_count, avg_quantity"
                                + " FROM %s.author_statistics ORDER BY 1, 2")
                        .formatted(gold),
                truth.authorStatistics());
        check(
                trusted + ".customers",
                "SELECT customer_id, first_name, city, country FROM %s.customers ORDER BY 1".formatted(trusted),
                truth.customers());
        check(
                trusted + ".current_books",
                "SELECT book_id, title, author, CAST(price AS bigint) FROM %s.current_books ORDER BY 1"
                        .formatted(trusted),
                truth.currentBooks());
        check(
                trusted + ".books",
                ("SELECT book_id, title, author, CAST(price AS bigint),"
                                + " date_format(effective_date, '%%Y-%%m-%%d %%H:%%i:%%s'),"
                                + " date_format(end_date, '%%Y-%%m-%%d %%H:%%i:%%s'), \"current\""
                                + " FROM %s.books ORDER BY 1, 5")
                        .formatted(trusted),
                truth.bookHistory());
        check(
                trusted + ".books_sales",
                ("SELECT date, count(*), sum(quantity), CAST(sum(quantity * price) AS bigint) FROM %s.books_sales"
                                + " GROUP BY date ORDER BY 1")
                        .formatted(trusted),
                truth.sales());
    }

    private void check(String table, String sql, List<String> truth) {
        List<String> rows = new TrinoClient(target)
                .query(sql).rows().stream()
                        .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                        .toList();
        if (!rows.equals(truth)) {
            List<String> missing = new ArrayList<>(truth);
            missing.removeAll(rows);
            List<String> wrong = new ArrayList<>(rows);
            wrong.removeAll(truth);
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "%s shows %d rows, and %d follow from the events. Missing: %s. Wrong: %s. If the topics %s have records of others, too, run the demo on a stack of its own; otherwise it is a bug, please report it."
                            .formatted(table, rows.size(), truth.size(), some(missing), some(wrong), TOPICS));
        }
        progress.step("%s shows what follows from the events: %d rows".formatted(table, rows.size()));
    }

    private static String some(List<String> rows) {
        String first = rows.stream().limit(SHOWN_DIFFERENCES).collect(Collectors.joining("; "));
        return rows.size() > SHOWN_DIFFERENCES ? first + "; and " + (rows.size() - SHOWN_DIFFERENCES) + " more" : first;
    }

    private void print(PrintWriter out) {
        String trusted = target.database(Layer.TRUSTED);
        String gold = target.database(Layer.GOLD);
        print(
                gold + ".country_statistics",
                "SELECT * FROM %s.country_statistics ORDER BY order_date, country LIMIT 6".formatted(gold),
                out);
        print(
                gold + ".author_statistics",
                ("SELECT window_start, author, orders_count, avg_quantity FROM %s.author_statistics"
                                + " ORDER BY 1, 2 LIMIT 6")
                        .formatted(gold),
                out);
        print(
                "The prices of book %s in %s.books".formatted(Shop.SHOWN_BOOK, trusted),
                ("SELECT title, author, price, effective_date, end_date, \"current\" FROM %s.books"
                                + " WHERE book_id = '%s' ORDER BY effective_date")
                        .formatted(trusted, Shop.SHOWN_BOOK),
                out);
        print(
                "What became of customer %s in %s.customers".formatted(Shop.SHOWN_CUSTOMER, trusted),
                ("SELECT customer_id, city, country, row_status, row_time, _change_type, _commit_version"
                                + " FROM TABLE(delta.system.table_changes(schema_name => '%s', table_name => 'customers'))"
                                + " WHERE customer_id = '%s' ORDER BY _commit_version, _change_type")
                        .formatted(trusted, Shop.SHOWN_CUSTOMER),
                out);
    }

    private void print(String title, String sql, PrintWriter out) {
        out.printf("%n%s%n", title);
        OutputFormat.TABLE.write(new TrinoClient(target).query(sql), out);
        out.flush();
    }
}
