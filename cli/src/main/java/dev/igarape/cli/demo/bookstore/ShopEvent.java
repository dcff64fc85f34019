package dev.igarape.cli.demo.bookstore;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Something that happened in the shop. */
sealed interface ShopEvent permits BookChange, CustomerChange, Order {
    /** How the shop writes moments, which are of UTC. */
    DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    String topic();

    /** The book, customer or order that it is about: the record's key. */
    String id();

    LocalDateTime at();

    /** What the shop writes of it. */
    Map<String, Object> fields();
}
