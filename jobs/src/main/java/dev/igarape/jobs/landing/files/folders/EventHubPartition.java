package dev.igarape.jobs.landing.files.folders;

/**
 * A partition of an event hub.
 *
 * @param eventHub with its namespace where the path says it: {@code shop/orders}; empty text if it says neither
 */
public record EventHubPartition(String eventHub, int partition) implements Comparable<EventHubPartition> {
    @Override
    public int compareTo(EventHubPartition other) {
        int hubs = eventHub.compareTo(other.eventHub);
        return hubs != 0 ? hubs : Integer.compare(partition, other.partition);
    }
}
