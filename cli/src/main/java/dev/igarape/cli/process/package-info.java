/** Programs as processes: run to their end, or as daemons that outlive the command; locks between processes. */
package dev.igarape.cli.process;
