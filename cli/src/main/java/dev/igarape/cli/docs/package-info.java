/** The documentation site, with the references that are generated from commands and schemas. */
package dev.igarape.cli.docs;
