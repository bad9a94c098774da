package dev.tidemark.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The single ZooKeeper of a highly available {@link StandaloneCluster}, from the jars of Flink itself. */
final class ZooKeeper {
    private static final String PROGRAM =
            "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";
    private static final int TIMEOUT_MILLIS = 1_000;

    private ZooKeeper() {}

    /** A process that is not started yet, with a directory of its own below the given one. */
    static FlinkProcess process(Path parent, int port) throws IOException {
        Path home = Files.createDirectory(parent.resolve("zookeeper"));
        // Two ticks are the shortest session that a client may ask for: how long a dead JobManager counts as alive.
        Path conf = Files.writeString(
                home.resolve("zoo.cfg"),
                """
                clientPort=%s
                clientPortAddress=127.0.0.1
                dataDir=%s
                tickTime=1000
                admin.enableServer=false
                """
                        .formatted(port, home.resolve("data")));
        return new FlinkProcess("zookeeper", home, List.of("-Xmx64m", PROGRAM, conf.toString()), () -> connect(port));
    }

    private static void connect(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        }
    }
}
