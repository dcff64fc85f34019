package dev.igarape.jobs.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between a client and a server, and breaks off after so many bytes of the server's answers. */
public final class BreakingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int server;
    private final AtomicLong allowance = new AtomicLong(Long.MAX_VALUE);
    private final List<Socket> sockets = new ArrayList<>();

    /** @param server port of the server on this machine */
    public BreakingProxy(int server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::listen);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Lets so many more bytes through to clients, then closes every connection. */
    public void breakAfter(long bytes) {
        allowance.set(bytes);
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
                synchronized (sockets) {
                    sockets.addAll(List.of(client, upstream));
                }
                daemon(() -> copy(client, upstream, false));
                daemon(() -> copy(upstream, client, true));
            } catch (IOException e) {
                // Closed: the test is over.
                return;
            }
        }
    }

    private void copy(Socket from, Socket to, boolean counted) {
        byte[] buffer = new byte[4096];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (counted && allowance.addAndGet(-read) < 0) {
                    return;
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // One side is gone; closing the other is all there is to do.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            synchronized (sockets) {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
