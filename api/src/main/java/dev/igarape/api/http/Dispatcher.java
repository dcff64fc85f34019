package dev.igarape.api.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request handler of the server: it finds the route and writes exactly one response to each request, the route's or
 * a problem. It counts requests in flight, so that a shutdown can wait for them.
 */
public final class Dispatcher implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    /** How long a refused client may go on sending before its connection is cut, so that it can read the answer. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final String NO_ROUTE = "none";

    /** A request in flight. */
    private record Call(HttpServerRequest request, RequestContext context, String route, long began) {}

    private final Vertx vertx;
    private final Router router;
    private final RequestLimits limits;
    private final InFlightLimiter limiter;
    private final Meters meters;
    private final ConnectionLimiter connections;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Promise<Void> drained = Promise.promise();

    public Dispatcher(
            Vertx vertx,
            Router router,
            RequestLimits limits,
            InFlightLimiter limiter,
            Meters meters,
            ConnectionLimiter connections) {
        this.vertx = vertx;
        this.router = router;
        this.limits = limits;
        this.limiter = limiter;
        this.meters = meters;
        this.connections = connections;
    }

    @Override
    public void handle(HttpServerRequest request) {
        underWay.incrementAndGet();
        long began = System.nanoTime();
        Context eventLoop = vertx.getOrCreateContext();
        boolean refused = connections.isRefused(request.connection());
        if (refused || draining.get()) {
            Problem problem = refused ? connections.problem() : RequestContext.stopping();
            write(new Call(request, requestContext(request, Map.of()), NO_ROUTE, began), refusal(problem, request));
            return;
        }
        Call call = new Call(request, requestContext(request, Map.of()), NO_ROUTE, began);
        Future<Response> response;
        try {
            Router.Match match = router.match(request.method(), request.path());
            call = new Call(request, requestContext(request, match.parameters()), match.path(), began);
            call.context().query().allow(match.query());
            response = match.handler().handle(call.context());
        } catch (RuntimeException e) {
            response = Future.failedFuture(e);
        }
        Call routed = call;
        response.onComplete(done -> onContext(eventLoop, () -> {
            Response result = done.succeeded() ? done.result() : refusal(problem(done.cause(), request), request);
            write(routed, result);
        }));
    }

    private RequestContext requestContext(HttpServerRequest request, Map<String, String> parameters) {
        return new RequestContext(vertx, request, parameters, limits, limiter, draining::get);
    }

    private Response refusal(Problem problem, HttpServerRequest request) {
        meters.refused(problem);
        return Response.of(problem, request.path() == null ? "/" : request.path());
    }

    /** Responds to what is not HTTP; the server then closes the connection. */
    public void handleInvalid(HttpServerRequest request) {
        underWay.incrementAndGet();
        Throwable cause = request.decoderResult().cause();
        Problem problem = cause instanceof io.netty.handler.codec.http.TooLongHttpLineException
                ? Problem.of(
                        414, "address-too-long", "The address is too long", "Shorten the address, or the key in it.")
                : cause instanceof io.netty.handler.codec.http.TooLongHttpHeaderException
                        ? Problem.of(
                                431, "headers-too-long", "The headers are too long", "Send fewer or shorter headers.")
                        : Problem.badRequest("no-http", "This is no HTTP request", "It can't be read as HTTP/1.1.");
        meters.refused(problem);
        Call call = new Call(request, requestContext(request, Map.of()), NO_ROUTE, System.nanoTime());
        write(call, Response.of(problem, "/"));
    }

    /** Refuses new requests from now on; completes when the last one in flight is answered. */
    public Future<Void> drain() {
        draining.set(true);
        if (underWay.get() == 0) {
            drained.tryComplete();
        }
        return drained.future();
    }

    public boolean isDraining() {
        return draining.get();
    }

    private void write(Call call, Response response) {
        HttpServerRequest request = call.request();
        RequestContext context = call.context();
        HttpServerResponse httpResponse = request.response();
        if (httpResponse.closed() || httpResponse.ended()) {
            done(context);
            return;
        }
        boolean unread = context.hasUnreadBody();
        boolean close = unread || draining.get() || connections.isRefused(request.connection());
        httpResponse.setStatusCode(response.status());
        response.headers().forEach(httpResponse::putHeader);
        httpResponse.putHeader(HttpHeaders.CONTENT_TYPE, response.contentType());
        httpResponse.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(response.body().length));
        if (close) {
            httpResponse.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        Future<Void> written = request.method().equals(HttpMethod.HEAD)
                ? httpResponse.end()
                : httpResponse.end(Buffer.buffer(response.body()));
        written.onComplete(end -> {
            done(context);
            meters.answered(call.route(), request.method().name(), response.status(), System.nanoTime() - call.began());
            if (close) {
                closeBehind(request, unread);
            }
        });
    }

    private void closeBehind(HttpServerRequest request, boolean unread) {
        if (!unread || request.isEnded()) {
            request.connection().close();
            return;
        }
        long timer =
                vertx.setTimer(LINGER.toMillis(), id -> request.connection().close());
        request.handler(chunk -> {});
        request.exceptionHandler(failure -> vertx.cancelTimer(timer));
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            request.connection().close();
        });
    }

    private void done(RequestContext context) {
        context.release();
        if (underWay.decrementAndGet() == 0 && draining.get()) {
            drained.tryComplete();
        }
    }

    private static Problem problem(Throwable failure, HttpServerRequest request) {
        if (failure instanceof ProblemException problem) {
            return problem.problem();
        }
        LOG.error("{} {} failed", request.method(), Sanitized.of(request.path()), failure);
        return Problem.internalError();
    }

    private static void onContext(Context eventLoop, Runnable action) {
        if (Vertx.currentContext() == eventLoop) {
            action.run();
        } else {
            eventLoop.runOnContext(run -> action.run());
        }
    }
}
