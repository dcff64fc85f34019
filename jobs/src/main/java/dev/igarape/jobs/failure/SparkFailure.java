package dev.igarape.jobs.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.error.ExitCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.trees.SQLQueryContext;

/**
 * What it means that Spark failed at its work on data: in words of this project, without traces, codes and settings of
 * Spark.
 *
 * @param exitCode DEFINITION where SQL and rows don't fit, EXPECTATION where a file is damaged, UNAVAILABLE where memory
 *     or a process is gone; never BUG
 * @param problem without a full stop
 * @param value the value of the data that is at fault, as text; empty if unknown
 * @param remedy a sentence without its full stop
 */
public record SparkFailure(ExitCode exitCode, String problem, Optional<String> value, String remedy) {
    private static final String MEND =
            "Mend the SQL, e.g. so that it gives null for such rows, and let an expectation" + " decide about null";
    private static final Pattern FILE = Pattern.compile("(?:reading file|footer for file:?) (\\S+?)[.,]?(?:\\s|$)");
    private static final Pattern DAMAGED = Pattern.compile("is not a Parquet file|Not an Avro data file|Invalid sync!"
            + "|Not a data file|data may be corrupt|Block size invalid|expected magic number");
    /** What a disk or a connection says, not a file. */
    private static final Pattern AWAY = Pattern.compile("Filesystem closed|No space left on device");
    /** Exceptions of networks and servers, by the name of their class. */
    private static final Pattern SERVER = Pattern.compile(
            "^java\\.net\\.|^java\\.nio\\.channels\\.|^org\\.apache\\.hadoop\\.(ipc|hdfs|net|security)\\."
                    + "|InterruptedIOException$");

    private static final Pattern LOST = Pattern.compile(
            "ExecutorLostFailure|SparkContext (was|has been) shut ?down"
                    + "|stopped SparkContext|Could not execute broadcast|Executor heartbeat timed out|FetchFailed|Master removed");
    private static final Pattern MEMORY = Pattern.compile("UNABLE_TO_ACQUIRE_MEMORY|Not enough memory to build"
            + "|[Cc]an't acquire \\d+ bytes|not enough memory to build hash map|Could not allocate memory"
            + "|Java heap space|GC overhead|larger than spark.driver.maxResultSize");
    private static final Pattern TOO_LARGE = Pattern.compile("Cannot grow BufferHolder|row that is larger than"
            + "|exceeds size limitation|exceeding the array size limit|exceeding the map size limit"
            + "|Requested array size exceeds|larger than 8G|Too long sequence");
    /** Errors that only say which work failed; the cause says of what. */
    private static final Pattern WRAPPER =
            Pattern.compile("TASK_WRITE_FAILED|_LEGACY_ERROR_TEMP_(2054|2064|2065|2070|2151"
                    + "|2152|2235|2254)|FAILED_EXECUTE_UDF|INTERNAL_ERROR.*|STREAM_FAILED|INTERNAL_ERROR");

    /**
     * Explains a failure that came out of Spark.
     *
     * @return empty where it did not, or where a server or a disk failed, which the caller tells
     */
    public static Optional<SparkFailure> of(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        return limits(chain)
                .or(() -> damage(chain))
                .or(() -> classified(chain))
                .or(() -> isSparks(chain) ? byType(chain).or(() -> other(chain)) : Optional.empty());
    }

    /** The place in the SQL at which Spark was, as in {@code CAST(price AS INT), line 3}; empty where it does not say. */
    public static Optional<String> place(Throwable thrown) {
        Optional<String> place = Optional.empty();
        for (Throwable cause : chain(thrown)) {
            if (cause instanceof SparkThrowable spark) {
                for (QueryContext context : spark.getQueryContext()) {
                    if (!context.fragment().isBlank()) {
                        place = Optional.of(PlainText.value(context.fragment()) + line(context));
                    }
                }
            }
            if (place.isEmpty()
                    && cause instanceof AnalysisException analysis
                    && analysis.line().isDefined()) {
                place = Optional.of("line " + analysis.line().get());
            }
        }
        return place;
    }

    private static String line(QueryContext context) {
        boolean known = context instanceof SQLQueryContext sql && sql.line().isDefined();
        return known ? ", line " + ((SQLQueryContext) context).line().get() : "";
    }

    /** What the process or the engine could not hold, whatever the SQL says. */
    private static Optional<SparkFailure> limits(List<Throwable> chain) {
        for (Throwable cause : chain) {
            String message = String.valueOf(cause.getMessage());
            if (TOO_LARGE.matcher(message).find() || cause instanceof NegativeArraySizeException) {
                return Optional.of(definition(
                        "a row or a value grows larger than Spark can hold",
                        "Split it into rows, e.g. by explode, or leave it out in WHERE"));
            }
            if (cause instanceof OutOfMemoryError || MEMORY.matcher(message).find()) {
                return Optional.of(new SparkFailure(
                        ExitCode.UNAVAILABLE,
                        "the memory of the job does not suffice",
                        Optional.empty(),
                        "Give the job more memory (spark.driver.memory, spark.executor.memory), build fewer dates at"
                                + " once, or have the SQL hold less at a time"));
            }
            if (cause instanceof StackOverflowError) {
                return Optional.of(definition(
                        "an expression, a regular expression or a value is nested too deeply",
                        "Split the expression, or write the pattern without nested repetitions"));
            }
            if (LOST.matcher(message).find()) {
                return Optional.of(new SparkFailure(
                        ExitCode.UNAVAILABLE,
                        "a process of Spark was lost at work",
                        Optional.empty(),
                        "See whether the machine or the cluster manager ended it, most often for its memory"));
            }
        }
        return Optional.empty();
    }

    /** Files that hold other bytes than were written. */
    private static Optional<SparkFailure> damage(List<Throwable> chain) {
        Optional<String> file = chain.stream()
                .map(cause -> FILE.matcher(String.valueOf(cause.getMessage())))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
        boolean damaged = chain.stream()
                .anyMatch(cause -> cause instanceof ParquetRuntimeException
                        || cause instanceof ChecksumException
                        || cause instanceof IOException && file.isPresent()
                        || DAMAGED.matcher(String.valueOf(cause.getMessage())).find());
        boolean away = chain.stream()
                .anyMatch(cause -> cause instanceof FileNotFoundException
                        || cause instanceof SSLException
                        || AWAY.matcher(String.valueOf(cause.getMessage())).find()
                        || SERVER.matcher(cause.getClass().getName()).find());
        if (!damaged || away) {
            return Optional.empty();
        }
        return Optional.of(new SparkFailure(
                ExitCode.EXPECTATION,
                file.map(name -> "the file " + name + " can't be read: its bytes are damaged")
                        .orElse("a file of an input can't be read: its bytes are damaged"),
                Optional.empty(),
                "Put it back, e.g. from a snapshot, or make it anew"));
    }

    private static Optional<SparkFailure> classified(List<Throwable> chain) {
        Optional<SparkThrowable> innermost = Optional.empty();
        for (Throwable cause : chain) {
            if (cause instanceof SparkThrowable spark
                    && spark.getErrorClass() != null
                    && !WRAPPER.matcher(spark.getErrorClass()).matches()) {
                innermost = Optional.of(spark);
            }
        }
        return innermost.flatMap(spark -> classified(spark, chain));
    }

    private static Optional<SparkFailure> classified(SparkThrowable spark, List<Throwable> chain) {
        Map<String, String> parameters = spark.getMessageParameters();
        Optional<ErrorMessages.Words> words = ErrorMessages.of(spark.getErrorClass());
        Optional<String> problem = words.flatMap(w -> w.filled(parameters)).or(() -> field(parameters));
        if (problem.isPresent()) {
            Optional<String> value = words.map(ErrorMessages.Words::value)
                    .or(() -> Optional.of("fieldValue"))
                    .map(parameters::get)
                    .map(given -> given.replaceFirst("^'(.*)'$", "$1"))
                    .filter(given -> !given.isBlank());
            return Optional.of(new SparkFailure(
                    ExitCode.DEFINITION,
                    problem.get() + detail(chain),
                    value,
                    words.map(ErrorMessages.Words::remedy).orElse(MEND)));
        }
        Optional<SparkFailure> typed = byType(chain);
        if (typed.isPresent()) {
            return typed;
        }
        String said = PlainText.of(((Throwable) spark).getMessage());
        boolean analysis = spark instanceof AnalysisException;
        return said.isEmpty() ? Optional.empty() : Optional.of(definition(said, analysis ? "Mend the SQL" : MEND));
    }

    /** Errors without a name of their own that tell of a field. */
    private static Optional<String> field(Map<String, String> parameters) {
        return parameters.containsKey("fieldValue") && parameters.containsKey("dataType")
                ? Optional.of(PlainText.value(parameters.get("fieldValue")) + " is no "
                        + PlainText.name(parameters.get("dataType")))
                : Optional.empty();
    }

    /** What a parser of JSON has to say. */
    private static String detail(List<Throwable> chain) {
        return chain.stream()
                .filter(JsonProcessingException.class::isInstance)
                .map(JsonProcessingException.class::cast)
                .map(cause -> brackets(PlainText.of(cause.getOriginalMessage())))
                .reduce("", (first, last) -> last);
    }

    private static String brackets(String said) {
        return said.isEmpty() ? "" : " (" + said + ")";
    }

    /** Errors of Java's own library, which Spark's functions hand on. */
    private static Optional<SparkFailure> byType(List<Throwable> chain) {
        List<SparkFailure> found = new ArrayList<>();
        for (Throwable cause : chain) {
            String said = PlainText.of(cause.getMessage());
            if (cause instanceof PatternSyntaxException pattern) {
                found.add(definition(
                        "'" + PlainText.value(pattern.getPattern()) + "' is no regular expression: "
                                + PlainText.of(pattern.getDescription()),
                        "Mend the pattern; in SQL each backslash is written twice"));
            } else if (cause instanceof ArithmeticException && !(cause instanceof SparkThrowable)) {
                found.add(definition("a number does not fit into its type" + brackets(said), MEND));
            } else if (cause instanceof IllegalFormatException) {
                found.add(definition("a format does not fit what is to be formatted" + brackets(said), MEND));
            } else if (cause instanceof DateTimeException && !(cause instanceof SparkThrowable)) {
                found.add(definition("a date or time can't be read or made" + brackets(said), MEND));
            } else if (cause instanceof NumberFormatException && !(cause instanceof SparkThrowable)) {
                found.add(definition("a text is no number" + brackets(said), MEND));
            } else if (cause instanceof UnsupportedEncodingException) {
                found.add(definition("there is no character set " + said, MEND));
            } else if (cause instanceof CharacterCodingException) {
                found.add(definition("a text can't be written in its character set" + brackets(said), MEND));
            } else if (cause instanceof JsonProcessingException json) {
                found.add(definition("a text is no JSON" + brackets(PlainText.of(json.getOriginalMessage())), MEND));
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
    }

    /** What came from Spark's code or from the libraries below it, whatever it is: a query made it do that. */
    private static Optional<SparkFailure> other(List<Throwable> chain) {
        if (chain.stream().anyMatch(IOException.class::isInstance)) {
            return Optional.empty();
        }
        Throwable root = chain.get(chain.size() - 1);
        String said = PlainText.of(root.getMessage());
        return Optional.of(definition(said.isEmpty() ? root.getClass().getSimpleName() : said, MEND));
    }

    /** Whether Spark was at work and no line of this project's own threw; the JDK throws on behalf of who called it. */
    private static boolean isSparks(List<Throwable> chain) {
        boolean atWork = chain.stream()
                .flatMap(cause -> Stream.of(cause.getStackTrace()))
                .map(StackTraceElement::getClassName)
                // That submitted this program.
                .anyMatch(type -> type.startsWith("org.apache.spark.") && !type.startsWith("org.apache.spark.deploy."));
        return atWork && !isOurs(chain);
    }

    private static boolean isOurs(List<Throwable> chain) {
        // From the root on: a JVM leaves out the frames of what it has thrown often.
        for (int i = chain.size() - 1; i >= 0; i--) {
            for (StackTraceElement frame : chain.get(i).getStackTrace()) {
                String type = frame.getClassName();
                if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("scala.")) {
                    return type.startsWith("dev.igarape.");
                }
            }
        }
        return false;
    }

    private static SparkFailure definition(String problem, String remedy) {
        return new SparkFailure(ExitCode.DEFINITION, problem, Optional.empty(), remedy);
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && !chain.contains(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }
}
