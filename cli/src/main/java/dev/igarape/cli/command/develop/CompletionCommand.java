package dev.igarape.cli.command.develop;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = {
            "Write a script that completes the command's words in a shell.",
            "Bash: eval \"$(./lake completion bash)\"",
            "Zsh:  eval \"$(./lake completion zsh)\""
        })
public final class CompletionCommand implements Runnable {
    /** The shells; zsh runs bash's script through its bashcompinit. */
    enum Shell {
        BASH,
        ZSH
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (shell == Shell.ZSH) {
            out.println("autoload -U +X compinit && compinit");
            out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        CommandLine root = spec.root().commandLine();
        out.print(AutoComplete.bash("lake", root));
        out.flush();
    }
}
