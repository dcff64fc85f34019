package dev.igarape.cli.command.live;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "stop", description = "Stop the service when the step that it is at is done.")
final class LiveStopCommand implements Runnable {
    @ParentCommand
    private LiveCommand live;

    @Override
    public void run() {
        if (!live.context().stack().stopLive()) {
            live.context().progress().step("The live service was not running.");
        }
    }
}
