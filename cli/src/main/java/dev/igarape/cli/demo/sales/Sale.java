package dev.igarape.cli.demo.sales;

import java.time.LocalDateTime;
import java.util.Optional;

/**
 * A product of a transaction.
 *
 * @param transaction its number, which begins with a C where it cancels what was bought
 * @param cents what one of the product costs
 * @param quantity negative in a cancellation
 * @param customer none where the shop does not know who buys
 */
public record Sale(
        String transaction,
        LocalDateTime at,
        String product,
        String name,
        long cents,
        long quantity,
        Optional<String> customer,
        String country) {
    public boolean cancels() {
        return quantity < 0;
    }

    /** The same, sold to another country. */
    public Sale to(String other) {
        return new Sale(transaction, at, product, name, cents, quantity, customer, other);
    }

    public long amount() {
        return cents * quantity;
    }
}
