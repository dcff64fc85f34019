package dev.igarape.api.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Reads a body whole, within its limit, the budget and a deadline. The rest of a refused body is never kept. */
final class BodyReader {
    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Limits limits;
    private final Budget.Lease lease;
    private final Promise<byte[]> promise = Promise.promise();
    private final Buffer body = Buffer.buffer();

    private BodyReader(Vertx vertx, HttpServerRequest request, Limits limits, Budget.Lease lease) {
        this.vertx = vertx;
        this.request = request;
        this.limits = limits;
        this.lease = lease;
    }

    static Future<byte[]> read(Vertx vertx, HttpServerRequest request, Limits limits, Budget.Lease lease) {
        return new BodyReader(vertx, request, limits, lease).start();
    }

    private Future<byte[]> start() {
        if (declaredLength(request).filter(length -> length > limits.maxBody()).isPresent()) {
            return Future.failedFuture(tooLarge());
        }
        long timer = vertx.setTimer(limits.bodyTimeout().toMillis(), id -> refuse(tooSlow()));
        request.handler(this::take);
        request.endHandler(end -> promise.tryComplete(body.getBytes()));
        request.exceptionHandler(failure -> promise.tryFail(broken()));
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        return promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void take(Buffer chunk) {
        if (body.length() + chunk.length() > limits.maxBody()) {
            refuse(tooLarge());
            return;
        }
        try {
            lease.grow(chunk.length());
            body.appendBuffer(chunk);
        } catch (ProblemException e) {
            refuse(e);
        }
    }

    private void refuse(ProblemException reason) {
        request.handler(chunk -> {});
        promise.tryFail(reason);
    }

    /** The length that the client announced, if it did; the server has already refused what is no number. */
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
                        "A body may have " + limits.maxBody()
                                + " bytes. Send less, or raise IGARAPE_API_MAX_BODY and the topic's max.message.bytes.")
                .failure();
    }

    /** The client left, or its chunks are no chunks. */
    private static ProblemException broken() {
        return Problem.badRequest(
                        "broken-body",
                        "The body broke off",
                        "The body ended before it was whole. Nothing of this request was taken. Send it again.")
                .failure();
    }

    private ProblemException tooSlow() {
        return Problem.of(
                        408,
                        "too-slow",
                        "The body came too slowly",
                        "The whole body must arrive within "
                                + limits.bodyTimeout().toMillis()
                                + " ms. Nothing of this request was taken. Send it again.")
                .failure();
    }
}
