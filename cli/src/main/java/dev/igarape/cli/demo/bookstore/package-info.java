/** The demo of tables that change: a bookstore's events, what tables of them have to show, and the run between these. */
package dev.igarape.cli.demo.bookstore;
