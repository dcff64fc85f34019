package dev.igarape.jobs.landing.jdbc.dialect;

import java.util.List;

/** The one list of dialects. */
final class Dialects {
    static final List<Dialect> ALL = List.of(new PostgresDialect(), new MariaDbDialect());

    private Dialects() {}
}
