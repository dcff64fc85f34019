package dev.igarape.model.compile;

/** A scalar of a YAML file. */
record Text(String value, Place place) {}
