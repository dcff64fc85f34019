package dev.igarape.model.compile.landing;

import dev.igarape.model.Source;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.yaml.YamlMap;
import dev.igarape.model.sql.SqlIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reader of {@code landing: {jdbc: …}}. */
final class JdbcReader {
    private static final Pattern URL = Pattern.compile("(jdbc:(postgresql|mariadb)://|\\$\\{[A-Z][A-Z0-9_]*})\\S*");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z][A-Z0-9_]*}");
    /** That of a client's key or of a store of certificates, for which there is no key of the landing. */
    private static final Pattern FILE_PASSWORD = Pattern.compile("(?i)\\w+password=\\$\\{[A-Z][A-Z0-9_]*}(?=&|$)");

    private static final Pattern TABLE = Pattern.compile(SqlIdentifier.PART + "([.]" + SqlIdentifier.PART + ")?");
    private static final Pattern COLUMN = Pattern.compile("[^\\x00-\\x1F]+");
    private static final String SECRET_REMEDY =
            "Write `password: \"${SHOP_PASSWORD}\"`, and set it in the environment.";

    private final Diagnostics diagnostics;

    JdbcReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    Optional<Source> read(YamlMap jdbc) {
        jdbc.allow("jdbc", List.of("url", "user", "password", "table", "by", "drain"), Map.of());
        String urlRemedy =
                "Write for example jdbc:postgresql://db:5432/shop, jdbc:mariadb://db:3306/shop or \"${SHOP_DB}\".";
        Optional<SourceText> url =
                needed(jdbc, "url", URL, "is neither a PostgreSQL nor a MariaDB database", urlRemedy);
        url.filter(text -> FILE_PASSWORD.matcher(text.value()).replaceAll("").matches("(?i).*[?&]\\w*password\\w*=.*"))
                .ifPresent(text -> diagnostics.add(
                        text.location(), "'url' holds a password; definitions are no place for one", SECRET_REMEDY));
        Optional<SourceText> password = jdbc.text("password", SECRET_REMEDY);
        password.filter(text -> !VARIABLE.matcher(text.value()).matches())
                .ifPresent(text -> diagnostics.add(
                        text.location(), "'password' is written out; definitions are no place for one", SECRET_REMEDY));
        String tableRemedy = "Name a table as the database has it, with its schema if need be: public.orders; a name of"
                + " other characters in double quotes: 'shop.\"Order Lines\"'.";
        Optional<SourceText> table = needed(jdbc, "table", TABLE, "is not the name of a table", tableRemedy);
        String byRemedy = "Name a column of a date or time: updated_at.";
        Optional<SourceText> by = formed(jdbc, "by", COLUMN, "is not the name of a column", byRemedy);
        boolean drain = jdbc.flag(
                        "drain", "Write `drain: true` for an outbox, whose rows are deleted once they are landed.")
                .orElse(false);
        url.filter(text -> drain && text.value().startsWith("jdbc:mariadb:"))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "'drain' on a table of MariaDB",
                        "Landings drain tables of PostgreSQL alone: leave it out, and land what each date has."));
        String user = jdbc.text("user", "Name who asks.").map(SourceText::value).orElse("");
        return url.flatMap(u -> table.map(t -> new Source.Jdbc(
                u.value(),
                user,
                password.map(SourceText::value).orElse(""),
                t.value(),
                by.map(SourceText::value),
                Map.of(),
                drain)));
    }

    private Optional<SourceText> needed(YamlMap jdbc, String key, Pattern form, String problem, String remedy) {
        if (!jdbc.has(key)) {
            diagnostics.add(jdbc.location(), "'" + key + "' is missing", remedy);
        }
        return formed(jdbc, key, form, problem, remedy);
    }

    private Optional<SourceText> formed(YamlMap jdbc, String key, Pattern form, String problem, String remedy) {
        Optional<SourceText> text = jdbc.text(key, remedy);
        text.filter(t -> !form.matcher(t.value()).matches())
                .ifPresent(t -> diagnostics.add(t.location(), "'" + t.value() + "' " + problem, remedy));
        return text;
    }
}
