package dev.igarape.cli.topic;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Sample values of text fields, by words in the field's name. */
enum SampleText {
    EVENTS(List.of("event", "action"), List.of("click", "view", "submit")),
    EMAILS(List.of("email", "mail"), List.of("ana@example.org", "bento@example.org", "iara@example.org")),
    PEOPLE(
            List.of("user", "name", "author", "customer"),
            List.of("ana.xingu", "bento.purus", "caio.jari", "iara.negro", "lia.tapajos", "moacir.branco")),
    PAGES(
            List.of("page", "path", "url", "link", "referrer"),
            List.of("/", "/about", "/cart", "/checkout", "/help", "/products", "/search")),
    COUNTRIES(List.of("country"), List.of("BR", "CO", "EC", "PE", "VE")),
    RIVERS(List.of(""), List.of("amazonas", "japura", "madeira", "negro", "purus", "tapajos", "xingu"));

    private final List<String> fields;
    private final List<String> texts;

    SampleText(List<String> fields, List<String> texts) {
        this.fields = fields;
        this.texts = texts;
    }

    /**
     * A value for a field.
     *
     * @param field its name, or nothing
     */
    static String forField(String field, Random random) {
        String lower = field.toLowerCase(Locale.ROOT);
        for (SampleText words : values()) {
            if (words.fields.stream().anyMatch(lower::contains)) {
                return words.texts.get(random.nextInt(words.texts.size()));
            }
        }
        throw new IllegalStateException("the last entry takes every field");
    }
}
