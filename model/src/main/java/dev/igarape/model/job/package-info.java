/**
 * The command line of the jobs' jar: its commands, its options, and what it prints on standard output, as JSON. The jobs
 * write these types, {@code ./lake} reads them, and Airflow's operators ({@code dags/igarape}) read the same JSON; so a
 * change here is a change of an interface.
 */
package dev.igarape.model.job;
