/** What a step of the live service costs while a day, and a table's number of dates, grow. */
package dev.igarape.bench.growth;
