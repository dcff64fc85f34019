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
 * A failure of Spark while it processed data, in words for users: without stack traces, error codes and Spark settings.
 *
 * @param exitCode DEFINITION if SQL and rows don't fit, EXPECTATION if a file is damaged, UNAVAILABLE if memory ran out
 *     or a process was lost; never BUG
 * @param problem without a full stop
 * @param value the value of the data that caused it, as text; empty if unknown
 * @param remedy a sentence without its full stop
 */
public record SparkFailure(ExitCode exitCode, String problem, Optional<String> value, String remedy) {
    private static final String FIX_SQL =
            "Mend the SQL, e.g. so that it gives null for such rows, and let an expectation" + " decide about null";
    private static final Pattern FILE = Pattern.compile("(?:reading file|footer for file:?) (\\S+?)[.,]?(?:\\s|$)");
    private static final Pattern DAMAGED = Pattern.compile("is not a Parquet file|Not an Avro data file|Invalid sync!"
            + "|Not a data file|data may be corrupt|Block size invalid|expected magic number");
    /** Messages that mean a failed disk or connection, not a damaged file. */
    private static final Pattern NOT_DAMAGE = Pattern.compile("Filesystem closed|No space left on device");
    /** Exceptions of networks and servers, by class name. */
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
    /** Errors that only say which operation failed; the reason is in their cause. */
    private static final Pattern WRAPPER =
            Pattern.compile("TASK_WRITE_FAILED|_LEGACY_ERROR_TEMP_(2054|2064|2065|2070|2151"
                    + "|2152|2235|2254)|FAILED_EXECUTE_UDF|INTERNAL_ERROR.*|STREAM_FAILED|INTERNAL_ERROR");

    /**
     * Explains a failure that Spark threw.
     *
     * @return empty if it does not come from Spark, or if a server or a disk failed, which the caller reports
     */
    public static Optional<SparkFailure> of(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        return resourceLimit(chain)
                .or(() -> damagedFile(chain))
                .or(() -> byErrorClass(chain))
                .or(() -> isFromSpark(chain) ? byExceptionType(chain).or(() -> unclassified(chain)) : Optional.empty());
    }

    /** Position in the SQL, as in {@code CAST(price AS INT), line 3}; empty if Spark does not give it. */
    public static Optional<String> position(Throwable thrown) {
        Optional<String> position = Optional.empty();
        for (Throwable cause : chain(thrown)) {
            if (cause instanceof SparkThrowable spark) {
                for (QueryContext context : spark.getQueryContext()) {
                    if (!context.fragment().isBlank()) {
                        position = Optional.of(PlainText.value(context.fragment()) + line(context));
                    }
                }
            }
            if (position.isEmpty()
                    && cause instanceof AnalysisException analysis
                    && analysis.line().isDefined()) {
                position = Optional.of("line " + analysis.line().get());
            }
        }
        return position;
    }

    private static String line(QueryContext context) {
        boolean known = context instanceof SQLQueryContext sql && sql.line().isDefined();
        return known ? ", line " + ((SQLQueryContext) context).line().get() : "";
    }

    /** Limits of memory, size or nesting, and lost processes. */
    private static Optional<SparkFailure> resourceLimit(List<Throwable> chain) {
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

    /** Damaged files: their bytes are not those that were written. */
    private static Optional<SparkFailure> damagedFile(List<Throwable> chain) {
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
                        || NOT_DAMAGE
                                .matcher(String.valueOf(cause.getMessage()))
                                .find()
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

    private static Optional<SparkFailure> byErrorClass(List<Throwable> chain) {
        Optional<SparkThrowable> innermost = Optional.empty();
        for (Throwable cause : chain) {
            if (cause instanceof SparkThrowable spark
                    && spark.getErrorClass() != null
                    && !WRAPPER.matcher(spark.getErrorClass()).matches()) {
                innermost = Optional.of(spark);
            }
        }
        return innermost.flatMap(spark -> byErrorClass(spark, chain));
    }

    private static Optional<SparkFailure> byErrorClass(SparkThrowable spark, List<Throwable> chain) {
        Map<String, String> parameters = spark.getMessageParameters();
        Optional<ErrorMessages.Template> template = ErrorMessages.of(spark.getErrorClass());
        Optional<String> problem = template.flatMap(t -> t.fill(parameters)).or(() -> field(parameters));
        if (problem.isPresent()) {
            Optional<String> value = template.map(ErrorMessages.Template::value)
                    .or(() -> Optional.of("fieldValue"))
                    .map(parameters::get)
                    .map(given -> given.replaceFirst("^'(.*)'$", "$1"))
                    .filter(given -> !given.isBlank());
            return Optional.of(new SparkFailure(
                    ExitCode.DEFINITION,
                    problem.get() + detail(chain),
                    value,
                    template.map(ErrorMessages.Template::remedy).orElse(FIX_SQL)));
        }
        Optional<SparkFailure> typed = byExceptionType(chain);
        if (typed.isPresent()) {
            return typed;
        }
        String text = PlainText.of(((Throwable) spark).getMessage());
        boolean analysis = spark instanceof AnalysisException;
        return text.isEmpty() ? Optional.empty() : Optional.of(definition(text, analysis ? "Mend the SQL" : FIX_SQL));
    }

    /** Errors without an error class of their own whose parameters describe a field. */
    private static Optional<String> field(Map<String, String> parameters) {
        return parameters.containsKey("fieldValue") && parameters.containsKey("dataType")
                ? Optional.of(PlainText.value(parameters.get("fieldValue")) + " is no "
                        + PlainText.name(parameters.get("dataType")))
                : Optional.empty();
    }

    /** The JSON parser's message, in brackets. */
    private static String detail(List<Throwable> chain) {
        return chain.stream()
                .filter(JsonProcessingException.class::isInstance)
                .map(JsonProcessingException.class::cast)
                .map(cause -> brackets(PlainText.of(cause.getOriginalMessage())))
                .reduce("", (first, last) -> last);
    }

    private static String brackets(String text) {
        return text.isEmpty() ? "" : " (" + text + ")";
    }

    /** Exceptions of the JDK that Spark's functions pass on. */
    private static Optional<SparkFailure> byExceptionType(List<Throwable> chain) {
        List<SparkFailure> found = new ArrayList<>();
        for (Throwable cause : chain) {
            String text = PlainText.of(cause.getMessage());
            if (cause instanceof PatternSyntaxException pattern) {
                found.add(definition(
                        "'" + PlainText.value(pattern.getPattern()) + "' is no regular expression: "
                                + PlainText.of(pattern.getDescription()),
                        "Mend the pattern; in SQL each backslash is written twice"));
            } else if (cause instanceof ArithmeticException && !(cause instanceof SparkThrowable)) {
                found.add(definition("a number does not fit into its type" + brackets(text), FIX_SQL));
            } else if (cause instanceof IllegalFormatException) {
                found.add(definition("a format does not fit what is to be formatted" + brackets(text), FIX_SQL));
            } else if (cause instanceof DateTimeException && !(cause instanceof SparkThrowable)) {
                found.add(definition("a date or time can't be read or made" + brackets(text), FIX_SQL));
            } else if (cause instanceof NumberFormatException && !(cause instanceof SparkThrowable)) {
                found.add(definition("a text is no number" + brackets(text), FIX_SQL));
            } else if (cause instanceof UnsupportedEncodingException) {
                found.add(definition("there is no character set " + text, FIX_SQL));
            } else if (cause instanceof CharacterCodingException) {
                found.add(definition("a text can't be written in its character set" + brackets(text), FIX_SQL));
            } else if (cause instanceof JsonProcessingException json) {
                found.add(definition("a text is no JSON" + brackets(PlainText.of(json.getOriginalMessage())), FIX_SQL));
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
    }

    /** Any other exception of Spark or its libraries; the query caused it. */
    private static Optional<SparkFailure> unclassified(List<Throwable> chain) {
        if (chain.stream().anyMatch(IOException.class::isInstance)) {
            return Optional.empty();
        }
        Throwable root = chain.get(chain.size() - 1);
        String text = PlainText.of(root.getMessage());
        return Optional.of(definition(text.isEmpty() ? root.getClass().getSimpleName() : text, FIX_SQL));
    }

    /** Whether Spark threw it while at work, and not Igarapé's own code. JDK frames count for their caller. */
    private static boolean isFromSpark(List<Throwable> chain) {
        boolean atWork = chain.stream()
                .flatMap(cause -> Stream.of(cause.getStackTrace()))
                .map(StackTraceElement::getClassName)
                // The deploy package only submits this program.
                .anyMatch(type -> type.startsWith("org.apache.spark.") && !type.startsWith("org.apache.spark.deploy."));
        return atWork && !isFromIgarape(chain);
    }

    private static boolean isFromIgarape(List<Throwable> chain) {
        // From the root cause on: the JVM omits the stack traces of exceptions that it throws often.
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
