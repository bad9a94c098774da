package dev.tidemark.stores;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Properties;
import javax.net.SocketFactory;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;

/**
 * Makes the {@code socketTimeout} of Postgres' driver hold for writes as well ({@link Watchdog}). The driver is told the name of
 * this class, and puts TLS above its sockets.
 */
public final class TimedSockets extends SocketFactory {
    private final Duration limit;

    /**
     * For the driver.
     *
     * @param properties those of the connection
     * @throws PSQLException if the time is not a number
     */
    public TimedSockets(Properties properties) throws PSQLException {
        limit = Duration.ofSeconds(PGProperty.SOCKET_TIMEOUT.getInt(properties));
    }

    @Override
    public Socket createSocket() {
        return limit.isZero() ? new Socket() : new TimedSocket(limit);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw connected();
    }

    private static UnsupportedOperationException connected() {
        return new UnsupportedOperationException("The driver connects its sockets itself.");
    }

    private static final class TimedSocket extends Socket {
        private final Duration limit;

        TimedSocket(Duration limit) {
            this.limit = limit;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    try (Watchdog watchdog = new Watchdog(limit, TimedSocket.this)) {
                        out.write(bytes, offset, length);
                    }
                }
            };
        }
    }
}
