/**
 * Reads the content of landed files: decompression, encodings, lines, and records of CSV and JSON. Invalid records are
 * returned as such and do not end the file. Depends on storage only.
 */
package dev.igarape.jobs.landing.files.content;
