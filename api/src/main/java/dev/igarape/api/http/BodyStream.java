package dev.igarape.api.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * A request body as a stream of decompressed bytes, with a size limit and a deadline. Confined to the request's event
 * loop. The rest of a refused body is read and discarded.
 */
public final class BodyStream {
    private static final int PIECE = 16 * 1024;

    /** The consumer of a body: it gets pieces, then one end or one failure. */
    public interface Sink {
        /** Whatever it throws ends the body with that failure. */
        void take(Buffer piece);

        void end();

        void fail(ProblemException reason);
    }

    /**
     * The limits on a body.
     *
     * @param bytes when decompressed
     * @param time from the request's head to its last byte
     * @param settings what to raise, for messages
     */
    record Allowance(long bytes, Duration time, String settings) {}

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Allowance allowance;
    private final Optional<Gunzip> gunzip;
    private final Sink sink;
    private final Deque<Buffer> arrived = new ArrayDeque<>();
    private long bytes;
    private long timer;
    private boolean inflating;
    private boolean pumping;
    private boolean paused;
    private boolean ended;
    private boolean over;

    private BodyStream(Vertx vertx, HttpServerRequest request, Allowance allowance, boolean gzip, Sink sink) {
        this.vertx = vertx;
        this.request = request;
        this.allowance = allowance;
        this.gunzip = gzip ? Optional.of(new Gunzip()) : Optional.empty();
        this.sink = sink;
    }

    /** @throws ProblemException 413 when the announced length is over the limit */
    static BodyStream read(Vertx vertx, HttpServerRequest request, Allowance allowance, boolean gzip, Sink sink) {
        BodyStream stream = new BodyStream(vertx, request, allowance, gzip, sink);
        if (declaredLength(request).filter(length -> length > allowance.bytes()).isPresent()) {
            throw stream.tooLarge();
        }
        stream.start();
        return stream;
    }

    private void start() {
        timer = vertx.setTimer(allowance.time().toMillis(), id -> fail(tooSlow()));
        request.handler(buffer -> {
            arrived.add(buffer);
            pump();
        });
        request.endHandler(end -> {
            ended = true;
            pump();
        });
        request.exceptionHandler(failure -> fail(broken()));
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }

    /** No more pieces until {@link #resume}; the client has to wait, too. */
    public void pause() {
        if (!paused && !over) {
            paused = true;
            request.pause();
        }
    }

    public void resume() {
        if (paused) {
            paused = false;
            request.resume();
            pump();
        }
    }

    /** Takes no more of the body; the sink hears nothing any more. */
    public void abandon() {
        if (!over) {
            over = true;
            vertx.cancelTimer(timer);
            gunzip.ifPresent(Gunzip::close);
            arrived.clear();
            if (!request.isEnded()) {
                request.handler(buffer -> {});
                request.endHandler(end -> {});
                request.resume();
            }
        }
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            boolean more = true;
            // The sink may pause or abandon between two pieces.
            while (more && !over && !paused) {
                more = step();
            }
        } catch (ProblemException e) {
            fail(e);
        } catch (DataFormatException e) {
            fail(noGzip(e));
        } finally {
            pumping = false;
        }
    }

    /** Hands over one piece or the end; false when neither is there. */
    private boolean step() throws DataFormatException {
        if (inflating) {
            byte[] piece = new byte[PIECE];
            int length = gunzip.orElseThrow().read(piece);
            if (length > 0) {
                take(Buffer.buffer(length).appendBytes(piece, 0, length));
                return true;
            }
            inflating = false;
        }
        Buffer next = arrived.poll();
        if (next != null) {
            if (gunzip.isPresent()) {
                gunzip.get().feed(next.getBytes());
                inflating = true;
            } else {
                take(next);
            }
            return true;
        }
        if (ended) {
            end();
        }
        return false;
    }

    private void take(Buffer piece) {
        bytes += piece.length();
        if (bytes > allowance.bytes()) {
            throw tooLarge();
        }
        sink.take(piece);
    }

    private void end() throws DataFormatException {
        if (gunzip.filter(zipped -> !zipped.isWhole()).isPresent()) {
            throw new DataFormatException("ends too early");
        }
        abandon();
        sink.end();
    }

    private void fail(ProblemException reason) {
        if (!over) {
            abandon();
            sink.fail(reason);
        }
    }

    /** The length that the client announced, if it did; the server has already refused one that is not a number. */
    static Optional<Long> declaredLength(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_LENGTH))
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    private ProblemException tooLarge() {
        return Problem.of(
                        413,
                        "too-large",
                        "The body is too large",
                        "A body may have " + allowance.bytes() + " bytes"
                                + (gunzip.isPresent() ? ", decompressed" : "") + ". Send less, or raise "
                                + allowance.settings() + ".")
                .toException();
    }

    private static ProblemException noGzip(DataFormatException e) {
        return Problem.badRequest(
                        "broken-gzip",
                        "The body is no gzip",
                        "The body says Content-Encoding: gzip, but " + Sanitized.of(String.valueOf(e.getMessage()))
                                + ". Compress it anew, or send it plain.")
                .toException();
    }

    /** The client left, or its chunks are no chunks. */
    private static ProblemException broken() {
        return Problem.badRequest(
                        "broken-body", "The body broke off", "The body ended before it was whole. Send it again.")
                .toException();
    }

    private ProblemException tooSlow() {
        return Problem.of(
                        408,
                        "too-slow",
                        "The body came too slowly",
                        "The whole body must arrive within " + allowance.time().toMillis()
                                + " ms. Send it again, faster or in parts.")
                .toException();
    }
}
