package dev.igarape.cli.command.connect;

import dev.igarape.cli.base.TextTable;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.connect.ConnectorFile;
import dev.igarape.cli.connect.ConnectorFiles;
import dev.igarape.cli.connect.ConnectorHealth;
import dev.igarape.cli.connect.KafkaConnect;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "list", description = "Show the project's files of connectors, and whether Kafka Connect runs them so.")
public final class ConnectListCommand implements Runnable {
    @ParentCommand
    private ConnectCommand connect;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Mixin
    private OutputOption output;

    /**
     * A connector in a file, on the worker, or in both.
     *
     * @param file empty if the project has none
     * @param applied {@code yes}, {@code no} or, if the file has changed since, {@code changed}
     * @param state on the worker; empty if it does not have it
     */
    private record Entry(String connector, String file, String applied, String state) {}

    @Override
    public void run() {
        List<ConnectorFile> files =
                ConnectorFiles.read(project.of(connect.context()).folder());
        KafkaConnect worker = connect.worker();
        Map<String, Entry> entries = new TreeMap<>();
        for (ConnectorHealth there : worker.health()) {
            entries.put(there.name(), new Entry(there.name(), "", "yes", there.state()));
        }
        for (ConnectorFile file : files) {
            Entry there = entries.get(file.name());
            String applied = there == null ? "no" : worker.has(file) ? "yes" : "changed";
            entries.put(file.name(), new Entry(file.name(), file.path(), applied, there == null ? "" : there.state()));
        }
        output.print(spec.commandLine().getOut(), entries.values(), out -> print(List.copyOf(entries.values()), out));
    }

    private static void print(List<Entry> entries, PrintWriter out) {
        if (entries.isEmpty()) {
            out.println("There are no connectors: no file connect/*.json in the project, and none in Kafka Connect.");
            return;
        }
        TextTable table = new TextTable()
                .gap(2)
                .left("connector", 16)
                .left("file", 24)
                .left("applied", 7)
                .left("state", 8);
        entries.forEach(entry -> table.row(List.of(
                entry.connector(),
                entry.file().isEmpty() ? "not in this project" : entry.file(),
                entry.applied(),
                entry.state().isEmpty() ? "-" : entry.state())));
        table.print(out);
    }
}
