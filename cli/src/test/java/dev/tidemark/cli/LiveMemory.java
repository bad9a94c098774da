package dev.tidemark.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What is left in a Java process's memory after a full collection, as the JDK's own tool tells. */
final class LiveMemory {
    /** The serial collector has two generations, and names them so. */
    private static final Pattern USED = Pattern.compile("generation +total \\d+K, used (\\d+)K");

    private LiveMemory() {}

    static long heapBytes(long process) throws Exception {
        jcmd(process, "GC.run");
        return USED.matcher(jcmd(process, "GC.heap_info"))
                .results()
                .map(MatchResult::group)
                .mapToLong(used -> Long.parseLong(used.replaceAll(".*used (\\d+)K", "$1")) << 10)
                .reduce(Long::sum)
                .orElseThrow();
    }

    /** How many sets of classes of jobs a process of Flink holds: each job brings its own. */
    static long jobClassLoaders(long process) throws Exception {
        jcmd(process, "GC.run");
        return jcmd(process, "VM.classloader_stats")
                .lines()
                .filter(line -> line.endsWith("org.apache.flink.util.ChildFirstClassLoader"))
                .count();
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
