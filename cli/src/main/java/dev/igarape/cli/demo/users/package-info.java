/** The demo of users in files and of what they listen to: how these are written, and what the tables have to show. */
package dev.igarape.cli.demo.users;
