package dev.igarape.cli.command.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.cli.stack.server.Live;
import dev.igarape.cli.stack.server.Probe;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.LiveProcess;
import dev.igarape.model.job.LiveStatus;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "status", description = "Show what the service does: rows, step times, lag, age of data, failures.")
public final class LiveStatusCommand implements Runnable {
    @ParentCommand
    private LiveCommand live;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--watch",
            description = "Show it anew every second, until Ctrl-C; where there is no terminal, once.")
    private boolean watch;

    @Override
    public void run() {
        CommandContext context = live.context();
        PrintWriter out = spec.commandLine().getOut();
        if (watch && !output.isJson() && System.console() != null) {
            watch(context, out);
        } else {
            LiveStatus status = read(context);
            output.print(out, status, text -> print(status, text, Instant.now()));
        }
    }

    /** Ends when the service does, when nobody reads any more, or by Ctrl-C. */
    private static void watch(CommandContext context, PrintWriter out) {
        CountDownLatch never = new CountDownLatch(1);
        new LiveView(out, InstantSource.system()).show(() -> read(context), () -> never.await(1, TimeUnit.SECONDS));
    }

    /** Prints a status as of a moment. */
    public static void print(LiveStatus status, PrintWriter out, Instant now) {
        new LiveReport(status).print(out, now);
    }

    /** The status of the service; LakeException UNAVAILABLE if it does not answer. */
    public static LiveStatus read(CommandContext context) {
        if (context.stack().live().isEmpty()) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE, "The live service is not running. Start it with: ./lake live start");
        }
        LiveProcess process = Live.process(context.workspace())
                .orElseThrow(() -> new LakeException(
                        ExitCode.UNAVAILABLE,
                        "The live service is starting or stopping. Ask again in some seconds; ./lake logs live shows how far it"
                                + " is."));
        JsonClient client = JsonClient.to("live service", "http://" + Probe.HOST + ":" + process.port());
        JsonClient.Response response = client.get("/status");
        if (!response.ok()) {
            throw client.failure("show the status", response);
        }
        try {
            return Json.mapper().treeToValue(response.body(), LiveStatus.class);
        } catch (JsonProcessingException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "The live service answers in another format: " + e.getOriginalMessage()
                            + ". It was started by another version; run ./lake live stop, and start it again.",
                    e);
        }
    }
}
