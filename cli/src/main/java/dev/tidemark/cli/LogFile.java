package dev.tidemark.cli;

/** Where the logging configuration writes: the terminal belongs to the command's own output. */
final class LogFile {
    private LogFile() {}

    static String path() {
        return System.getProperty(
                "tidemark.log",
                System.getProperty("java.io.tmpdir") + "/tidemark-" + System.getProperty("user.name") + ".log");
    }
}
