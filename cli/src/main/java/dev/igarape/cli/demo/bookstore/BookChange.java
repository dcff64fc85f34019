package dev.igarape.cli.demo.bookstore;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** A book as it is from a moment on. */
record BookChange(String id, String title, String author, long price, LocalDateTime at) implements ShopEvent {
    @Override
    public String topic() {
        return "books";
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("book_id", id);
        fields.put("title", title);
        fields.put("author", author);
        fields.put("price", price);
        fields.put("updated", SHOWN.format(at));
        return fields;
    }

    /** Whether the history of a book has nothing new to say. */
    boolean sameAs(BookChange before) {
        return title.equals(before.title) && author.equals(before.author) && price == before.price;
    }
}
