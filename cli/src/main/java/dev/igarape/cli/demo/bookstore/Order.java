package dev.igarape.cli.demo.bookstore;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An order of books; one without books is a fault of the shop. */
record Order(String id, String customer, List<Line> lines, LocalDateTime at) implements ShopEvent {
    Order {
        lines = List.copyOf(lines);
    }

    /** A book of an order, with the price at that moment. */
    record Line(String book, long quantity, long price) {}

    @Override
    public String topic() {
        return "orders";
    }

    long quantity() {
        return lines.stream().mapToLong(Line::quantity).sum();
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("order_id", id);
        fields.put("order_timestamp", SHOWN.format(at));
        fields.put("customer_id", customer);
        fields.put("quantity", quantity());
        fields.put(
                "total",
                lines.stream().mapToLong(line -> line.quantity() * line.price()).sum());
        fields.put(
                "books",
                lines.stream()
                        .map(line -> Map.of(
                                "book_id",
                                line.book(),
                                "quantity",
                                line.quantity(),
                                "subtotal",
                                line.quantity() * line.price()))
                        .toList());
        return fields;
    }
}
