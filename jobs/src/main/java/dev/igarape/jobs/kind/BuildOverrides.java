package dev.igarape.jobs.kind;

/**
 * Checks of a build that are switched off.
 *
 * @param loss dates are built again although rows that they were built from have expired
 * @param incomplete dates are built although their inputs may not have arrived whole
 */
public record BuildOverrides(boolean loss, boolean incomplete) {
    /** All checks are on. */
    public static final BuildOverrides NOTHING = new BuildOverrides(false, false);
}
