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
public record Check(Area area, String name, boolean passed, String finding, Optional<String> remedy) {
    /** Where it belongs; decides how {@code doctor} ends. */
    public enum Area {
        MACHINE,
        STACK
    }

    static Check passed(Area area, String name, String finding) {
        return new Check(area, name, true, finding, Optional.empty());
    }

    static Check failed(Area area, String name, String finding, String remedy) {
        return new Check(area, name, false, finding, Optional.of(remedy));
    }
}
