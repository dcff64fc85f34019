package dev.igarape.bench.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that ends, and the CPU time of it and of all that it has started, as the shell knows it. */
final class TimedProcess {
    /** What {@code times} prints of the children, in the second line: in user mode and in the kernel. */
    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s\\s+(\\d+)m([\\d.]+)s");

    private static final int SECONDS_PER_MINUTE = 60;

    private TimedProcess() {}

    /**
     * Runs a process to its end; returns the CPU time in seconds.
     *
     * @param process gets the shell before its command
     * @param files without an ending: one gets the output, another the times
     * @throws IllegalStateException if it fails
     */
    static double run(ProcessBuilder process, Path files) throws IOException, InterruptedException {
        List<String> command = List.copyOf(process.command());
        Path log = files.resolveSibling(files.getFileName() + ".log");
        Path times = files.resolveSibling(files.getFileName() + ".times");
        List<String> line = new ArrayList<>(
                List.of("bash", "-c", "\"$@\"; status=$?; times >\"$0\"; exit $status", times.toString()));
        line.addAll(command);
        int status = process.command(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException(command + " ended with status " + status + ":\n" + Files.readString(log));
        }
        return seconds(Files.readAllLines(times).get(1));
    }

    /** The sum of the two times of a line of {@code times}. */
    static double seconds(String line) {
        Matcher matcher = TIMES.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + line + "' is no line of times");
        }
        return SECONDS_PER_MINUTE * (Double.parseDouble(matcher.group(1)) + Double.parseDouble(matcher.group(3)))
                + Double.parseDouble(matcher.group(2))
                + Double.parseDouble(matcher.group(4));
    }
}
