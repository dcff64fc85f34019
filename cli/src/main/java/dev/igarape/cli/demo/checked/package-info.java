/** Demos that hold the tables of a pipeline against the true answer: what comes in parts, runs between, and the comparison. */
package dev.igarape.cli.demo.checked;
