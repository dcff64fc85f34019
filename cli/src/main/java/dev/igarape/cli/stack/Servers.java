package dev.igarape.cli.stack;

import dev.igarape.cli.stack.server.Airflow;
import dev.igarape.cli.stack.server.Api;
import dev.igarape.cli.stack.server.Connect;
import dev.igarape.cli.stack.server.History;
import dev.igarape.cli.stack.server.Kafka;
import dev.igarape.cli.stack.server.Live;
import dev.igarape.cli.stack.server.Postgres;
import dev.igarape.cli.stack.server.Registry;
import dev.igarape.cli.stack.server.Server;
import dev.igarape.cli.stack.server.SparkNode;
import dev.igarape.cli.stack.server.SqlPad;
import dev.igarape.cli.stack.server.StackContext;
import dev.igarape.cli.stack.server.Storage;
import dev.igarape.cli.stack.server.Trino;
import dev.igarape.cli.stack.server.Yarn;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The servers of a stack, each after those that it depends on. */
record Servers(List<Server> all) {
    static Servers of(StackContext context) {
        Postgres postgres = new Postgres(context);
        return new Servers(Stream.of(
                        Storage.of(context),
                        Kafka.of(context),
                        List.of(new Registry(context), postgres),
                        Trino.of(context),
                        SparkNode.of(context),
                        Yarn.of(context),
                        List.of(
                                new Api(context),
                                new Connect(context),
                                new Airflow(context, postgres),
                                new SqlPad(context),
                                new History(context),
                                new Live(context)))
                .<Server>flatMap(List::stream)
                .toList());
    }

    List<String> names() {
        return all.stream().map(Server::name).toList();
    }

    /** Whether a server is called so, or is of a group that is. */
    static boolean isCalled(Server server, Set<String> names) {
        return names.contains(server.name()) || names.contains(server.group());
    }

    /** Those that are called so, and those that they depend on; all that start with the stack where no name is given. */
    List<Server> select(Set<String> only) {
        only.stream()
                .filter(name -> all.stream().noneMatch(server -> isCalled(server, Set.of(name))))
                .sorted()
                .findFirst()
                .ifPresent(unknown -> {
                    throw new LakeException(
                            ExitCode.USAGE,
                            "No server is called %s. There are: %s.".formatted(unknown, String.join(", ", names())));
                });
        all.stream()
                .filter(server -> only.contains(server.name()) && server.hasOwnStart())
                .findFirst()
                .ifPresent(server -> {
                    throw new LakeException(
                            ExitCode.USAGE,
                            "./lake up does not start %1$s. Run: ./lake %1$s start".formatted(server.name()));
                });
        Set<String> selected = new HashSet<>(only);
        for (int before = -1; before < selected.size(); ) {
            before = selected.size();
            all.stream()
                    .filter(server -> isCalled(server, selected))
                    .forEach(server -> selected.addAll(server.dependencies()));
        }
        return all.stream()
                .filter(server -> only.isEmpty() ? server.startsWithStack() : isCalled(server, selected))
                .toList();
    }
}
