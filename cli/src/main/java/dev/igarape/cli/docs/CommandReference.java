package dev.igarape.cli.docs;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The reference of commands as a page of Markdown, from what {@code --help} prints. */
final class CommandReference {
    private CommandReference() {}

    static String page(CommandLine lake) {
        StringBuilder page = new StringBuilder("# Commands\n\n");
        section(lake, "./lake", page);
        return page.toString();
    }

    private static void section(CommandLine command, String name, StringBuilder page) {
        if (!name.equals("./lake")) {
            page.append("## ").append(name).append("\n\n");
        }
        page.append("```text\n")
                .append(command.getUsageMessage(Ansi.OFF).stripTrailing())
                .append("\n```\n\n");
        for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
            if (!sub.getValue().getCommandSpec().usageMessage().hidden()) {
                section(sub.getValue(), name + " " + sub.getKey(), page);
            }
        }
    }
}
