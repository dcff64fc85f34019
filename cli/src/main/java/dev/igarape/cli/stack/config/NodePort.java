package dev.igarape.cli.stack.config;

/**
 * A port of one node.
 *
 * @param node counts from 1
 */
public record NodePort(Port port, int node) {
    /** Between the default numbers of a port's nodes. */
    private static final int STEP = 100;

    /** Its name in messages and {@code ports.json}: that of the port, for all nodes but the first with their number. */
    public String label() {
        return node == 1 ? port.label() : port.label() + "-" + node;
    }

    public int defaultNumber() {
        return port.defaultNumber() + (node - 1) * STEP;
    }
}
