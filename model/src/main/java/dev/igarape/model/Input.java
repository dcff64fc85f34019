package dev.igarape.model;

/**
 * A table that another one reads.
 *
 * @param lookback how many earlier dates of the input a date reads besides its own; 0 or more
 */
public record Input(TableName table, int lookback) {
    public Input {
        if (lookback < 0) {
            throw new IllegalArgumentException("lookback is " + lookback + ": it counts earlier dates, 0 or more");
        }
    }
}
