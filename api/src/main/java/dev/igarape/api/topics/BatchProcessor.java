package dev.igarape.api.topics;

import dev.igarape.api.http.BodyStream;
import dev.igarape.api.http.InFlightLimiter;
import dev.igarape.api.http.Meters;
import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Response;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The processing of one batch: lines are split as they arrive, produced in chunks, and their results sent together at
 * the end, so that a client may send all before it reads. Reading pauses while too much is in flight (back-pressure),
 * and all memory held is reserved. Confined to the request's event loop.
 *
 * <p>What ends a batch early is the result of the first line not taken. Where there is no line before it, it is the
 * answer.
 */
final class BatchProcessor implements BodyStream.Sink {
    private static final int CHUNK_LINES = 256;
    private static final long CHUNK_COST = 256 << 10;
    private static final long WINDOW = 1 << 20;
    private static final long MAX_RESULTS = 8 << 20;
    /** What a line costs beside its bytes, its result included. */
    private static final int LINE_COST = 256;

    private final Context eventLoop;
    private final RequestContext context;
    private final KafkaSink sink;
    private final WorkerExecutor workers;
    private final Meters meters;
    private final int longestLine;
    private final Optional<String> keyMember;
    private final InFlightLimiter.Permit permit;
    private final LineSplitter splitter;
    private final Promise<Response> response = Promise.promise();
    private final Deque<LineSplitter.Line> waiting = new ArrayDeque<>();
    private final List<Optional<Chunk.LineResults>> results = new ArrayList<>();
    private Optional<ProducerRecordFactory> records = Optional.empty();
    private Optional<BodyStream> body = Optional.empty();
    private Optional<Problem> stopped = Optional.empty();
    private long firstNotTaken;
    private long seen;
    private long underWay;
    private long resultBytes;
    private long counted;
    private int open;
    private boolean handingOver;
    private boolean over;

    BatchProcessor(
            Context eventLoop,
            RequestContext context,
            KafkaSink sink,
            WorkerExecutor workers,
            Meters meters,
            int longestLine) {
        this.eventLoop = eventLoop;
        this.context = context;
        this.sink = sink;
        this.workers = workers;
        this.meters = meters;
        this.longestLine = longestLine;
        this.keyMember = context.query().text("key_field");
        this.permit = context.permit();
        this.splitter = new LineSplitter(longestLine, this::line);
    }

    /** @param factory of the records; its failure is the response */
    Future<Response> run(Future<ProducerRecordFactory> factory) {
        body = Optional.of(context.readLines(this));
        factory.onComplete(found -> eventLoop.runOnContext(run -> {
            if (found.succeeded()) {
                records = Optional.of(found.result());
                dispatch();
                finish();
            } else {
                body.ifPresent(BodyStream::abandon);
                response.tryFail(found.cause());
            }
        }));
        return response.future();
    }

    @Override
    public void take(Buffer piece) {
        context.refuseIfStopping();
        splitter.take(piece);
        count();
        dispatch();
        if (underWay >= WINDOW) {
            body.ifPresent(BodyStream::pause);
        }
    }

    @Override
    public void end() {
        splitter.end();
        over = true;
        dispatch();
        finish();
    }

    @Override
    public void fail(ProblemException reason) {
        over = true;
        // Lines that are whole go on; the one that came half is the first not taken.
        stop(reason.problem(), seen + 1);
        finish();
    }

    private void line(LineSplitter.Line line) {
        seen = line.number();
        waiting.add(line);
        underWay += cost(line);
    }

    /** Adjusts the permit to the bytes held here. */
    private void count() {
        long now = splitter.held() + underWay + resultBytes;
        if (now > counted) {
            permit.reserve(now - counted);
        } else {
            permit.release(counted - now);
        }
        counted = now;
    }

    private void dispatch() {
        if (handingOver || waiting.isEmpty() || records.isEmpty()) {
            return;
        }
        Chunk chunk = new Chunk();
        while (!waiting.isEmpty() && chunk.size() < CHUNK_LINES && chunk.cost() < CHUNK_COST) {
            LineSplitter.Line line = waiting.poll();
            chunk.add(line, cost(line));
        }
        int place = results.size();
        results.add(Optional.empty());
        open++;
        handingOver = true;
        ProducerRecordFactory factory = records.get();
        workers.executeBlocking(() -> chunk.send(factory, keyMember, sink, longestLine), false)
                .onComplete(handed -> {
                    handingOver = false;
                    chunk.untried().ifPresent(line -> {
                        waiting.clear();
                        stop(unavailable(chunk), line.number());
                    });
                    Future<Void> sent = handed.succeeded() ? handed.result() : Future.failedFuture(handed.cause());
                    sent.onComplete(done -> eventLoop.runOnContext(run -> done(chunk, place, done.cause())));
                    dispatch();
                });
    }

    private void done(Chunk chunk, int place, Throwable failure) {
        open--;
        underWay -= chunk.cost();
        if (failure != null) {
            body.ifPresent(BodyStream::abandon);
            response.tryFail(failure);
            return;
        }
        Chunk.LineResults lines = chunk.results(meters);
        results.set(place, Optional.of(lines));
        resultBytes += lines.json().length();
        chunk.outage().ifPresent(this::stopBeforeWaiting);
        if (resultBytes > MAX_RESULTS) {
            stopBeforeWaiting(tooManyLines());
        }
        try {
            count();
        } catch (ProblemException e) {
            stopBeforeWaiting(e.problem());
        }
        dispatch();
        if (underWay < WINDOW / 2) {
            body.ifPresent(BodyStream::resume);
        }
        finish();
    }

    /** Discards the lines that are not being sent yet. */
    private void stopBeforeWaiting(Problem reason) {
        long first = waiting.isEmpty() ? seen + 1 : waiting.peek().number();
        if (waiting.isEmpty() && over) {
            return;
        }
        waiting.clear();
        stop(reason, first);
    }

    private void stop(Problem reason, long line) {
        over = true;
        body.ifPresent(BodyStream::abandon);
        if (stopped.isEmpty() || line < firstNotTaken) {
            stopped = Optional.of(reason);
            firstNotTaken = line;
        }
    }

    private void finish() {
        if (!over || !waiting.isEmpty() || open > 0 || handingOver) {
            return;
        }
        if (results.isEmpty()) {
            response.tryFail(stopped.orElseGet(BatchProcessor::empty).toException());
            return;
        }
        Buffer all = Buffer.buffer((int) resultBytes + 1024);
        boolean refusals = stopped.isPresent();
        for (Optional<Chunk.LineResults> lines : results) {
            refusals |= lines.orElseThrow().hasRefusals();
            all.appendBuffer(lines.orElseThrow().json());
        }
        stopped.ifPresent(reason -> {
            Chunk.LineResults last = new Chunk.LineResults(meters);
            last.refused(firstNotTaken, reason.withDetail("This line and all behind it were not taken."));
            all.appendBuffer(last.json());
        });
        response.tryComplete(Response.lines(refusals ? 207 : 202, all.getBytes()));
    }

    private static long cost(LineSplitter.Line line) {
        return line.bytes().length + (long) LINE_COST;
    }

    private static Problem unavailable(Chunk chunk) {
        return chunk.outage().orElseGet(Problem::internalError);
    }

    private static Problem tooManyLines() {
        return Problem.of(
                413,
                "too-many-lines",
                "The batch has too many lines",
                "The results of a batch may have " + MAX_RESULTS + " bytes. Send the rest as another batch.");
    }

    private static Problem empty() {
        return Problem.badRequest(
                "empty-batch", "The batch is empty", "The body has no line. Send one JSON object on each line.");
    }
}
