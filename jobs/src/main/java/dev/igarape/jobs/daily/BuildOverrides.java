package dev.igarape.jobs.daily;

/**
 * What whoever runs a build puts up with.
 *
 * @param loss dates are built again although rows that they were built from have expired
 * @param incomplete dates are built although their inputs may not have arrived whole
 */
public record BuildOverrides(boolean loss, boolean incomplete) {
    public static final BuildOverrides NOTHING = new BuildOverrides(false, false);
}
