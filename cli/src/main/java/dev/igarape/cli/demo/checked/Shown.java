package dev.igarape.cli.demo.checked;

/**
 * Rows that a demo prints in the end.
 *
 * @param sql for Trino
 */
public record Shown(String title, String sql) {}
