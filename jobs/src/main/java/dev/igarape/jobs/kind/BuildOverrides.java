package dev.igarape.jobs.kind;

/**
 * Checks that a build skips.
 *
 * @param loss rebuild dates although rows of their inputs have expired
 * @param incomplete build dates although their inputs may not be complete
 */
public record BuildOverrides(boolean loss, boolean incomplete) {
    /** All checks are on. */
    public static final BuildOverrides NOTHING = new BuildOverrides(false, false);
}
