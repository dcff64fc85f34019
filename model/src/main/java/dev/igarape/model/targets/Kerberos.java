package dev.igarape.model.targets;

/**
 * Who submitted runs are to Kerberos.
 *
 * @param principal such as {@code lake@EXAMPLE.COM}
 * @param keytab file with its keys, on the machine that submits; Spark copies it to where the driver runs
 */
public record Kerberos(String principal, String keytab) {}
