package dev.tidemark.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How much of a Java process's heap is in use after a full collection, as the JDK's own tool tells. */
final class LiveHeap {
    /** The serial collector has two generations, and names them so. */
    private static final Pattern USED = Pattern.compile("generation +total \\d+K, used (\\d+)K");

    private LiveHeap() {}

    static long bytesOf(long process) throws Exception {
        jcmd(process, "GC.run");
        return USED.matcher(jcmd(process, "GC.heap_info"))
                .results()
                .map(MatchResult::group)
                .mapToLong(used -> Long.parseLong(used.replaceAll(".*used (\\d+)K", "$1")) << 10)
                .reduce(Long::sum)
                .orElseThrow();
    }

    private static String jcmd(long process, String command) throws Exception {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process jcmd = new ProcessBuilder(tool.toString(), "" + process, command)
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IllegalStateException(tool + " " + command + " failed: " + output);
        }
        return output;
    }
}
