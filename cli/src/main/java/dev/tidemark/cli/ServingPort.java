package dev.tidemark.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Finds out whether the feature server can have the port it is to listen on, before anything else is started. */
final class ServingPort {
    private ServingPort() {}

    /**
     * The port to use; 0 stands for any that is free.
     *
     * @param wanted null for the usual one, or a free one if that is taken
     * @throws UserException if the wanted port is taken or no port
     */
    static int choose(@Nullable Integer wanted) {
        if (wanted == null) {
            return isFree(DemoCommand.DEFAULT_PORT) ? DemoCommand.DEFAULT_PORT : 0;
        } else if (wanted < 0 || wanted > 65_535) {
            throw new UserException("--port is " + wanted + "; it takes a number from 0 to 65535.");
        } else if (wanted != 0 && !isFree(wanted)) {
            throw new UserException("Port " + wanted
                    + " is taken by another process. Choose another with --port, or --port 0 for any.");
        }
        return wanted;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
