package dev.igarape.jobs.kind;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.publish.Publishing;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * What a run gives to the kinds of the tables that it builds.
 *
 * @param spark starts a session when it is first asked; a kind that needs none does not ask
 * @param resources of the process, which closes them
 */
public record RunContext(Lake lake, Publishing publisher, Supplier<SparkSession> spark, Resources resources) {}
