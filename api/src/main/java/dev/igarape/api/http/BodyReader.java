package dev.igarape.api.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/** A body in memory; its bytes are reserved from the limiter as they arrive. */
final class BodyReader implements BodyStream.Sink {
    private final InFlightLimiter.Permit permit;
    private final Promise<byte[]> promise = Promise.promise();
    private final Buffer body = Buffer.buffer();

    BodyReader(InFlightLimiter.Permit permit) {
        this.permit = permit;
    }

    Future<byte[]> body() {
        return promise.future();
    }

    @Override
    public void take(Buffer piece) {
        permit.reserve(piece.length());
        body.appendBuffer(piece);
    }

    @Override
    public void end() {
        promise.complete(body.getBytes());
    }

    @Override
    public void fail(ProblemException reason) {
        promise.fail(reason);
    }
}
