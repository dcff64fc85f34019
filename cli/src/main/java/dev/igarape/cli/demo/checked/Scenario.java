package dev.igarape.cli.demo.checked;

import dev.igarape.model.DateRange;
import dev.igarape.model.TableName;
import dev.igarape.model.targets.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What happens in the world of a pipeline, how it reaches the lake, and what the tables have to show of it. */
public interface Scenario {
    String pipeline();

    /** The servers that it needs. */
    Set<String> servers();

    /** The dates of all that happens. */
    DateRange dates();

    List<String> topics();

    /** What topics hold before the lake knows them; sent only to a topic that is new. */
    default List<Delivery> before() {
        return List.of();
    }

    /** How changes of its database reach Kafka; none: it has no database. */
    default Optional<Capture> capture() {
        return Optional.empty();
    }

    /** The tables that follow its database; their dates are those on which changes come, which are now. */
    default List<TableName> captured() {
        return List.of();
    }

    /** What comes, in parts with a run of the pipeline after each. Sent again, it has to change no table that is checked. */
    List<Part> parts(Target target);

    List<Check> checks(Target target);

    List<Shown> shown(Target target);
}
