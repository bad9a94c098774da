package dev.tidemark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds in a stack trace, which is how Flink tells what went wrong, the sentence that a person can use. */
final class FlinkFailure {
    private static final String CAUSE = "Caused by: ";
    private static final Pattern CLASS_NAME = Pattern.compile("^([a-z][\\w]*\\.)+[A-Z][\\w.$]*(: |$)");
    private static final Pattern FRAME = Pattern.compile("^\\s*(at |\\.\\.\\. \\d+ |Suppressed: ).*");
    private static final int LONGEST = 2_000;

    private FlinkFailure() {}

    /** The message of the innermost cause; the text itself if it is no stack trace. */
    static String reason(String trace) {
        int cause = trace.lastIndexOf(CAUSE);
        String innermost = cause < 0 ? trace : trace.substring(cause + CAUSE.length());
        List<String> message = new ArrayList<>();
        for (String line : innermost.lines().toList()) {
            if (FRAME.matcher(line).matches()) {
                break;
            }
            message.add(line);
        }
        String text = String.join("\n", message).strip();
        String sentence = CLASS_NAME.matcher(text).replaceFirst("");
        // Some exceptions are nothing but their class.
        String reason = sentence.isBlank() ? text : sentence;
        return reason.length() > LONGEST ? reason.substring(0, LONGEST) + "..." : reason;
    }
}
