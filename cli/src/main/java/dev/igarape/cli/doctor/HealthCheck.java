package dev.igarape.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * The result of one check.
 *
 * @param finding what was found, in words
 * @param remedy what to do; only of a check that failed
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HealthCheck(Area area, String name, boolean passed, String finding, Optional<String> remedy) {
    /** What was checked; decides the exit code of {@code doctor}. */
    public enum Area {
        MACHINE,
        STACK,
        TABLE
    }

    static HealthCheck passed(Area area, String name, String finding) {
        return new HealthCheck(area, name, true, finding, Optional.empty());
    }

    static HealthCheck failed(Area area, String name, String finding, String remedy) {
        return new HealthCheck(area, name, false, finding, Optional.of(remedy));
    }
}
