package dev.tidemark.stores;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A way to a server on which, from some moment on, all bytes are lost and nobody is told, as when the machine behind it is gone. */
public final class SilentRelay implements AutoCloseable {
    private final ServerSocket entrance;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;
    private final AtomicLong taken = new AtomicLong(Long.MAX_VALUE);

    public SilentRelay() throws IOException {
        entrance = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    public int port() {
        return entrance.getLocalPort();
    }

    /** Begins to take connections to a server. */
    public void open(String host, int port) {
        start(() -> {
            while (true) {
                Socket client = entrance.accept();
                Socket server = new Socket(host, port);
                sockets.add(client);
                sockets.add(server);
                start(() -> carry(client.getInputStream(), server.getOutputStream()));
                start(() -> carry(server.getInputStream(), client.getOutputStream()));
            }
        });
    }

    public void fallSilent() {
        silent = true;
    }

    /** After so many bytes no more are taken, as when nobody acknowledges what is sent: whoever writes much waits. */
    public void fallDeafAfter(long bytes) {
        taken.set(bytes);
    }

    private void carry(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 13];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (taken.addAndGet(-read) < 0) {
                return;
            }
            if (!silent) {
                out.write(buffer, 0, read);
                out.flush();
            }
        }
    }

    private void start(Way way) {
        Thread thread = new Thread(
                () -> {
                    try {
                        way.go();
                    } catch (IOException e) {
                        // The connection or the relay was closed.
                    }
                },
                "silent-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            entrance.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Way {
        void go() throws IOException;
    }
}
