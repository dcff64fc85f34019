package dev.igarape.jobs.landing.files.rows;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;

/** Refusals of files that can't be read as a whole. */
final class DamagedFile {
    private DamagedFile() {}

    /** A file that was cut, or changed on its way. */
    static LakeException breaksOff(String name, String format, String why, Throwable cause) {
        return refused(
                name + " can't be read as " + format + ": it is damaged or breaks off (" + why
                        + "). Put the whole file in its place, renamed there once it is whole.",
                cause);
    }

    static LakeException breaksOff(String name, String format, Exception cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return breaksOff(name, format, why, cause);
    }

    static LakeException refused(String message, Throwable cause) {
        return new LakeException(ExitCode.DEFINITION, message, cause);
    }
}
