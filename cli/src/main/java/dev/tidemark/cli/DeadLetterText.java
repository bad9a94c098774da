package dev.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.jobs.kafka.StoredDeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A dead letter on one line, for a person or a program. */
final class DeadLetterText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DeadLetterText() {}

    /** Position, reason, event time, detail and value, with a tab between. */
    static String line(StoredDeadLetter letter) {
        Long time = letter.eventTime();
        return String.join(
                "\t",
                letter.position(),
                letter.reason(),
                time == null ? "-" : CsvText.instant(time),
                printable(letter.detail()),
                value(letter));
    }

    /** Has {@code text} if the value is UTF-8 and else {@code base64}; neither if there is none or it is gone. */
    static String json(String topic, StoredDeadLetter letter, boolean redriven) {
        ObjectNode json = JSON.createObjectNode();
        json.put("topic", topic).put("partition", letter.partition()).put("offset", letter.offset());
        json.put("refused_at", CsvText.instant(letter.refusedAt()));
        Long time = letter.eventTime();
        json.put("event_time", time == null ? null : CsvText.instant(time));
        json.put("reason", letter.reason()).put("detail", letter.detail());
        json.put("size", letter.size());
        byte[] bytes = letter.bytes();
        if (bytes != null) {
            String text = utf8(bytes);
            json.put(text == null ? "base64" : "text", text == null ? base64(bytes) : text);
            json.put("whole", letter.isWhole());
        }
        return json.put("redriven", redriven).toString();
    }

    private static String value(StoredDeadLetter letter) {
        byte[] bytes = letter.bytes();
        if (bytes == null) {
            return letter.isTombstone() ? "(no value)" : "(gone: the source's topic does not retain it any more)";
        }
        String text = utf8(bytes);
        String value = text == null ? "base64:" + base64(bytes) : printable(text);
        return letter.isWhole() ? value : value + "... (" + letter.size() + " bytes, the rest is gone)";
    }

    /** Records come from anywhere: nothing in them may break the line or command the terminal. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean hidden = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            if (hidden) {
                printable.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
