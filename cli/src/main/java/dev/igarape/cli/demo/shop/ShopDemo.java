package dev.igarape.cli.demo.shop;

import dev.igarape.cli.demo.checked.Capture;
import dev.igarape.cli.demo.checked.Check;
import dev.igarape.cli.demo.checked.Delivery;
import dev.igarape.cli.demo.checked.Disorder;
import dev.igarape.cli.demo.checked.Part;
import dev.igarape.cli.demo.checked.Scenario;
import dev.igarape.cli.demo.checked.Shown;
import dev.igarape.cli.demo.sales.Sale;
import dev.igarape.cli.demo.sales.Sales;
import dev.igarape.cli.demo.sales.SalesTruth;
import dev.igarape.model.DateRange;
import dev.igarape.model.Layer;
import dev.igarape.model.TableName;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.serde.AvroSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Four days of an online shop. One transaction in five is ordered by phone: rows of a database, whose changes are captured. The
 * others are events, which have nulls, copies and cancellations in about the shares that a shop's records have. One in a hundred comes
 * twice, and one in two hundred lacks something that a sale needs: in UCI's data set that {@link Sales} names, 1.0 % of the rows
 * are copies, and 0.3 % lack the product's name. One transaction in a hundred is of an unspecified country, of which the data
 * set has 0.1 %: too few for four days.
 */
public final class ShopDemo implements Scenario {
    public static final String PIPELINE = "shop";

    private static final String TOPIC = "shop_sales";
    private static final long SEED = 1;
    private static final int PER_DAY = 120;
    private static final Capture CAPTURE = new Capture("shop_orders", "shop_db.public.shop_orders");
    private static final LocalDate FIRST = LocalDate.parse("2024-09-02");
    private static final int DAYS = 4;
    /** The first date of the second part. */
    private static final LocalDate SECOND = FIRST.plusDays(2);

    private static final int BEST = 5;
    private static final Disorder DISORDER = new Disorder(1, 5);
    /** What a table shows where an event has no country. */
    private static final String UNSPECIFIED = "Unspecified";
    /** What a sale needs. */
    private static final List<String> NEEDED =
            List.of("transaction_no", "product_no", "product_name", "price", "quantity");

    private final Path schema;
    private final List<Sale> sales;
    private final Orders orders;
    private final Set<Integer> lacking;
    /** Transactions whose events have no country. */
    private final Set<String> unspecified;

    /** @param schema the file with the schema of the topic's values */
    public ShopDemo(Path schema) {
        this.schema = schema;
        Map<Boolean, List<Sale>> byPhone = Sales.of(new DateRange(FIRST, FIRST.plusDays(DAYS)), PER_DAY, SEED).stream()
                .collect(Collectors.partitioningBy(Orders::takes));
        this.sales = byPhone.get(false);
        this.orders = new Orders(byPhone.get(true), SECOND, new Random(SEED));
        this.lacking = lacking(sales.size());
        this.unspecified = unspecified(sales);
    }

    /** One sale in two hundred, by its place. */
    private static Set<Integer> lacking(int sales) {
        return new Random(SEED).ints(sales / 200, 0, sales).boxed().collect(Collectors.toSet());
    }

    /** One transaction in a hundred. */
    private static Set<String> unspecified(List<Sale> sales) {
        Random random = new Random(SEED);
        return sales.stream()
                .map(Sale::transaction)
                .distinct()
                .filter(transaction -> random.nextInt(100) == 0)
                .collect(Collectors.toSet());
    }

    @Override
    public String pipeline() {
        return PIPELINE;
    }

    @Override
    public Set<String> servers() {
        return Set.of("storage", "kafka", "registry", "postgres", "connect", "trino");
    }

    @Override
    public DateRange dates() {
        return new DateRange(FIRST, FIRST.plusDays(DAYS));
    }

    @Override
    public List<String> topics() {
        return List.of(TOPIC);
    }

    @Override
    public Optional<Capture> capture() {
        return Optional.of(CAPTURE);
    }

    @Override
    public List<TableName> captured() {
        return List.of(TableName.parse("raw.shop_order_changes"), TableName.parse("trusted.shop_orders"));
    }

    @Override
    public List<Part> parts(Target target) {
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry());
                AvroSerializer serializer = new AvroSerializer(registry)) {
            serializer.configure(Map.of("auto.register.schemas", "true"), false);
            Schema type = new Schema.Parser().parse(Files.readString(schema));
            List<Delivery> events = new ArrayList<>();
            for (int i = 0; i < sales.size(); i++) {
                Sale sale = sales.get(i);
                GenericRecord event = event(sale, type);
                if (unspecified.contains(sale.transaction())) {
                    event.put("country", null);
                }
                if (lacking.contains(i)) {
                    event.put(NEEDED.get(i % NEEDED.size()), null);
                }
                events.add(new Delivery(
                        TOPIC,
                        sale.transaction(),
                        ByteBuffer.wrap(serializer.serialize(TOPIC, event)),
                        sale.at().toInstant(ZoneOffset.UTC)));
            }
            List<List<Delivery>> sent = DISORDER.spread(events, List.of(SECOND), Set.of(), new Random(SEED));
            List<List<String>> written = orders.statements();
            return IntStream.range(0, sent.size())
                    .mapToObj(part -> new Part(sent.get(part), Map.of(), written.get(part)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GenericRecord event(Sale sale, Schema type) {
        GenericRecord event = new GenericData.Record(type);
        event.put("transaction_no", sale.transaction());
        event.put("sold_at", sale.at().toInstant(ZoneOffset.UTC).toEpochMilli());
        event.put("product_no", sale.product());
        event.put("product_name", sale.name());
        event.put(
                "price",
                ByteBuffer.wrap(
                        BigDecimal.valueOf(sale.cents(), 2).unscaledValue().toByteArray()));
        event.put("quantity", (int) sale.quantity());
        event.put("customer_no", sale.customer().orElse(null));
        event.put("country", sale.country());
        return event;
    }

    /** The sales that tables count. */
    private List<Sale> counted() {
        Stream<Sale> events = IntStream.range(0, sales.size())
                .filter(place -> !lacking.contains(place))
                .mapToObj(sales::get)
                .map(sale -> unspecified.contains(sale.transaction()) ? sale.to(UNSPECIFIED) : sale);
        return Stream.concat(events, orders.sales().stream()).toList();
    }

    @Override
    public List<Check> checks(Target target) {
        SalesTruth truth = new SalesTruth(counted());
        String gold = target.database(Layer.GOLD);
        String trusted = target.database(Layer.TRUSTED);
        return List.of(
                new Check(
                        trusted + ".shop_orders",
                        ("SELECT order_line, transaction_no, product_no, price, quantity, customer_no FROM %s.shop_orders"
                                        + " ORDER BY order_line")
                                .formatted(trusted),
                        orders.rows()),
                new Check(
                        gold + ".shop_daily",
                        "SELECT sale_date, country, transactions, units, sold, returned, revenue FROM %s.shop_daily ORDER BY 1, 2"
                                .formatted(gold),
                        truth.byDayAndCountry()),
                new Check(
                        gold + ".shop_products",
                        "SELECT sale_date, product_no, product_name, units_sold, units_returned, revenue FROM %s.shop_products ORDER BY 1, 2, 3"
                                .formatted(gold),
                        truth.byDayAndProduct()),
                new Check(gold + ".shop_best_products", best(gold), truth.bestProducts(BEST)),
                new Check(
                        gold + ".shop_returns",
                        "SELECT product_no, units_returned, CAST(return_rate AS decimal(20,6)) FROM %s.shop_returns ORDER BY product_no"
                                .formatted(gold),
                        truth.returns()),
                new Check(
                        gold + ".shop_baskets",
                        ("SELECT sale_date, transaction_no, customer_no, country, products, units, amount FROM %s.shop_baskets"
                                        + " ORDER BY transaction_no")
                                .formatted(gold),
                        truth.baskets()),
                new Check(
                        gold + ".shop_customers",
                        ("SELECT customer_no, baskets, amount, biggest_basket, CAST(products_a_basket AS decimal(20,6)),"
                                        + " last_bought FROM %s.shop_customers ORDER BY customer_no")
                                .formatted(gold),
                        truth.customers()));
    }

    private static String best(String gold) {
        return "SELECT product_no, product_name, units_sold, units_returned, revenue FROM %s.shop_best_products ORDER BY revenue DESC, product_no LIMIT %d"
                .formatted(gold, BEST);
    }

    @Override
    public List<Shown> shown(Target target) {
        String gold = target.database(Layer.GOLD);
        return List.of(
                new Shown(
                        gold + ".shop_daily",
                        "SELECT * FROM %s.shop_daily ORDER BY sale_date, revenue DESC LIMIT 8".formatted(gold)),
                new Shown(
                        "The changes of orders by phone in %s.shop_order_changes".formatted(target.database(Layer.RAW)),
                        "SELECT value.op, count(*) AS changes FROM %s.shop_order_changes GROUP BY 1 ORDER BY 1"
                                .formatted(target.database(Layer.RAW))),
                new Shown(gold + ".shop_best_products", best(gold)),
                new Shown(
                        "How many rows of %s.shop_events each rule has counted"
                                .formatted(target.database(Layer.TRUSTED)),
                        ("SELECT expectation, sum(failed) AS failed FROM %s.expectations"
                                        + " WHERE table_name = 'trusted.shop_events' GROUP BY expectation ORDER BY 1")
                                .formatted(target.database(Layer.OPS))));
    }
}
