package dev.igarape.cli.demo.retail;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import dev.igarape.model.Json;
import dev.igarape.model.Layer;
import dev.igarape.model.targets.Target;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Two weeks of sales that a shop's system writes to Kafka as JSON, twice at times, late, and between them what is no sale. */
public final class RetailDemo implements Scenario {
    public static final String PIPELINE = "retail";

    private static final String TOPIC = "retail_sales";
    private static final long SEED = 3;
    private static final int PER_DAY = 24;
    private static final LocalDate FIRST = LocalDate.parse("2024-03-04");
    private static final int DAYS = 14;
    private static final int BEST = 5;
    /** As the data set of the shop writes dates. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("M/d/uuuu");

    private final List<Sale> sales = Sales.of(dates(), PER_DAY, SEED);

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
        return new DateRange(FIRST, FIRST.plusDays(DAYS));
    }

    @Override
    public List<String> topics() {
        return List.of(TOPIC);
    }

    @Override
    public List<Part> parts(Target target) {
        List<List<Delivery>> parts = Disorder.MUCH.spread(
                sales.stream().map(RetailDemo::delivery).toList(),
                List.of(FIRST.plusDays(DAYS / 2)),
                Set.of(),
                new Random(SEED));
        parts.forEach(part -> part.addAll(refused(part.get(0))));
        return parts.stream().map(Part::of).toList();
    }

    /** What no table may count: no JSON, a price that is no number, a sale without product, one of another day. */
    private static List<Delivery> refused(Delivery like) {
        Sale sale = new Sale(
                "999999",
                like.at().atZone(ZoneOffset.UTC).toLocalDateTime(),
                "22999",
                "No Product",
                100,
                1,
                Optional.empty(),
                "Portugal");
        List<Delivery> refused = new ArrayList<>();
        refused.add(Delivery.of(TOPIC, "999999", "TransactionNo=999999", like.at()));
        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of("Price", "1,00"), Map.of("ProductNo", ""), Map.of("Date", "2/30/2024"), Map.of("Quantity", 0))) {
            Map<String, Object> fields = fields(sale);
            fields.putAll(change);
            refused.add(Delivery.of(TOPIC, "999999", json(fields), like.at()));
        }
        return refused;
    }

    private static Delivery delivery(Sale sale) {
        return Delivery.of(
                TOPIC, sale.transaction(), json(fields(sale)), sale.at().toInstant(ZoneOffset.UTC));
    }

    private static Map<String, Object> fields(Sale sale) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("TransactionNo", sale.transaction());
        fields.put("Date", DATE.format(sale.at()));
        fields.put("ProductNo", sale.product());
        fields.put("ProductName", sale.name());
        fields.put("Price", BigDecimal.valueOf(sale.cents(), 2));
        fields.put("Quantity", sale.quantity());
        // The shop's system has a number with a fraction here, since its column has nulls.
        fields.put("CustomerNo", sale.customer().map(Double::valueOf).orElse(null));
        fields.put("Country", sale.country());
        return fields;
    }

    private static String json(Map<String, Object> fields) {
        try {
            return Json.mapper().writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Check> checks(Target target) {
        SalesTruth truth = new SalesTruth(sales);
        String gold = target.database(Layer.GOLD);
        return List.of(
                new Check(
                        gold + ".retail_daily",
                        "SELECT sale_date, country, transactions, units, sold, returned, revenue FROM %s.retail_daily ORDER BY 1, 2"
                                .formatted(gold),
                        truth.byDayAndCountry()),
                new Check(
                        gold + ".retail_products",
                        "SELECT sale_date, product_no, product_name, units_sold, units_returned, revenue FROM %s.retail_products ORDER BY 1, 2, 3"
                                .formatted(gold),
                        truth.byDayAndProduct()),
                new Check(gold + ".retail_best_products", best(gold), truth.bestProducts(BEST)));
    }

    private static String best(String gold) {
        return "SELECT product_no, product_name, units_sold, units_returned, revenue FROM %s.retail_best_products ORDER BY revenue DESC, product_no LIMIT %d"
                .formatted(gold, BEST);
    }

    @Override
    public List<Shown> shown(Target target) {
        String gold = target.database(Layer.GOLD);
        return List.of(
                new Shown(
                        gold + ".retail_daily",
                        "SELECT sale_date, sum(transactions) AS transactions, sum(units) AS units, sum(revenue) AS revenue FROM %s.retail_daily GROUP BY sale_date ORDER BY sale_date"
                                .formatted(gold)),
                new Shown(gold + ".retail_best_products", best(gold)));
    }
}
