package dev.igarape.jobs.landing.jdbc.dialect;

import dev.igarape.model.sql.SqlIdentifier;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A kind of database. */
public interface Dialect {
    /** The dialect of the database that a JDBC URL names; empty if landings read none of its kind. */
    static Optional<Dialect> of(String url) {
        return Dialects.ALL.stream()
                .filter(dialect -> url.startsWith(dialect.prefix()))
                .findFirst();
    }

    /** What URLs of databases begin with, for messages. */
    static String prefixes() {
        return Dialects.ALL.stream().map(Dialect::prefix).collect(Collectors.joining(" or "));
    }

    /** What URLs of its databases begin with. */
    String prefix();

    Driver driver();

    /**
     * Properties of a connection besides user and password.
     *
     * @param application what the server shows of who asks
     * @param connectSeconds after which a server that does not answer is given up
     * @param silentSeconds after which a server that says nothing more is
     */
    Map<String, String> options(String application, int connectSeconds, int silentSeconds);

    /** Statement that a session begins with that reads texts of {@link SourceColumn#text}. */
    String session();

    /** How many rows the driver keeps at once of a result that it reads. */
    int rowsAtOnce();

    /** A table's or column's name for SQL, whatever characters it has. */
    String quoted(String name);

    /**
     * A table for SQL.
     *
     * @param table as in {@link dev.igarape.model.Source.Jdbc}
     */
    default String table(String table) {
        return SqlIdentifier.parts(table).stream().map(this::quoted).collect(Collectors.joining("."));
    }

    /** A text for SQL, in the session. */
    String literal(String text);

    /**
     * The columns of a table or view, in order; none if it has none.
     *
     * @param table as in {@link dev.igarape.model.Source.Jdbc}
     */
    List<SourceColumn> columns(Connection connection, String table) throws SQLException;

    /** The types of columns that date rows, for messages. */
    String datingTypes();

    /** Whether a failure says that the same question will fail again until somebody mends the landing or the database. */
    boolean isRefusal(SQLException failure);

    /** The option of a URL that names a file with the certificates that are trusted. */
    String trustOption();

    /** The options of a URL for a certificate of the client's own, its key, and the key's password. */
    String ownOptions();

    /**
     * What to do where client and server don't agree on TLS, as by a certificate that is not trusted; empty for other
     * failures.
     */
    default Optional<String> tlsRemedy(SQLException failure) {
        return TlsFailure.of(failure).map(tls -> tls.remedy(this));
    }

    /** Whether landings can drain its tables. */
    boolean isDrained();
}
