package dev.igarape.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param finding what was found, in words
 * @param remedy what to do, where something is wrong
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HealthCheck(Area area, String name, boolean passed, String finding, Optional<String> remedy) {
    /** Where it belongs; decides how {@code doctor} ends. */
    public enum Area {
        MACHINE,
        STACK
    }

    static HealthCheck passed(Area area, String name, String finding) {
        return new HealthCheck(area, name, true, finding, Optional.empty());
    }

    static HealthCheck failed(Area area, String name, String finding, String remedy) {
        return new HealthCheck(area, name, false, finding, Optional.of(remedy));
    }
}
