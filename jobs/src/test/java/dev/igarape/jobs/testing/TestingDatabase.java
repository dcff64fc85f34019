package dev.igarape.jobs.testing;

import java.sql.SQLException;

/** A server of databases with one that tests may fill. */
public interface TestingDatabase {
    /** Of the database, with a user who may do anything. */
    String jdbcUrl();

    /** Runs statements as that user. */
    void execute(String... statements) throws SQLException;
}
