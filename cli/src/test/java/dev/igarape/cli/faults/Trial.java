package dev.igarape.cli.faults;

/** A fault and the recovery from it. */
interface Trial {
    void run() throws Exception;
}
