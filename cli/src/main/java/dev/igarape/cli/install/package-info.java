/** Programs and libraries that are downloaded through Maven, PyPI and npm, and the jars that this checkout builds. */
package dev.igarape.cli.install;
