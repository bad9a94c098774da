package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FeatureRow} as one packed value, for a store that keeps bytes. Immutable; safe for use by many threads.
 *
 * <p>The layout: format version (1 byte), fingerprint of the features' names and types (4 bytes), flags (1 byte),
 * valid_from, valid_until as its distance from that (absent if never), the distance of last_event_time, one bit per
 * feature that has a value, and those values. The three times are variable-length numbers.
 */
public final class RowCodec {
    private static final byte FORMAT = 1;
    private static final int HAS_VALID_UNTIL = 1;

    private final String viewId;
    private final List<DataType> types;
    private final int fingerprint;

    private RowCodec(FeatureView view) {
        this.viewId = view.id();
        this.types = view.features().stream().map(Feature::type).toList();
        this.fingerprint = fingerprint(view);
    }

    /** The codec for the rows of a view. */
    public static RowCodec of(FeatureView view) {
        return new RowCodec(view);
    }

    /**
     * Packs a row.
     *
     * @throws IllegalArgumentException if the row has not one value per feature of the view
     * @throws ClassCastException if a value is not of its feature's type
     */
    public byte[] encode(FeatureRow row) {
        if (row.values().size() != types.size()) {
            throw new IllegalArgumentException("A row of " + viewId + " has " + types.size() + " values, not "
                    + row.values().size() + ".");
        }
        ArrayOutput out = new ArrayOutput(32 + 8 * types.size());
        try {
            out.writeByte(FORMAT);
            out.writeInt(fingerprint);
            writeTimes(row, out);
            List<@Nullable Object> values = row.values();
            writePresence(values, out);
            for (int i = 0; i < types.size(); i++) {
                Object value = values.get(i);
                if (value != null) {
                    ValueCodec.write(types.get(i), value, out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Unpacks what {@link #encode} made.
     *
     * @throws IllegalArgumentException if the bytes are damaged, of another format or of other features; it says which
     */
    public FeatureRow decode(byte[] bytes) {
        try {
            ArrayInput in = new ArrayInput(bytes, 0, bytes.length);
            checkHeader(in);
            FeatureRow row = readRow(in);
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes too many");
            }
            return row;
        } catch (IOException | ArithmeticException | NegativeArraySizeException e) {
            String reason = e.getMessage() == null ? "it ends too early" : e.getMessage();
            throw new IllegalArgumentException("The stored row of " + viewId + " is damaged: " + reason + ".", e);
        }
    }

    /** The fingerprint in a packed row. */
    static int fingerprint(byte[] packed) {
        return ByteBuffer.wrap(packed).getInt(Byte.BYTES);
    }

    int fingerprint() {
        return fingerprint;
    }

    private void checkHeader(ArrayInput in) throws IOException {
        byte format = in.readByte();
        if (format != FORMAT) {
            throw new IllegalArgumentException("The stored row of " + viewId + " has format " + format
                    + ", but this program reads format " + FORMAT + ". Was it written by another release of Tidemark?");
        }
        if (in.readInt() != fingerprint) {
            throw new IllegalArgumentException(
                    "The stored row of " + viewId + " has other features than the definition of " + viewId
                            + ": their names, types or order differ. A changed view needs a new version.");
        }
    }

    private static void writeTimes(FeatureRow row, ArrayOutput out) throws IOException {
        boolean ends = row.validUntil() != FeatureRow.NEVER;
        out.writeByte(ends ? HAS_VALID_UNTIL : 0);
        ValueCodec.writeVarLong(row.validFrom(), out);
        if (ends) {
            // A distance that overflows wraps, and wraps back when it is added again.
            ValueCodec.writeVarLong(row.validUntil() - row.validFrom(), out);
        }
        ValueCodec.writeVarLong(row.validFrom() - row.lastEventTime(), out);
    }

    private FeatureRow readRow(ArrayInput in) throws IOException {
        int flags = in.readByte();
        long validFrom = ValueCodec.readVarLong(in);
        long validUntil = (flags & HAS_VALID_UNTIL) == 0 ? FeatureRow.NEVER : validFrom + ValueCodec.readVarLong(in);
        long lastEventTime = validFrom - ValueCodec.readVarLong(in);
        byte[] presence = new byte[presenceSize()];
        in.readFully(presence);
        List<@Nullable Object> values = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            boolean present = (presence[i / 8] & 1 << i % 8) != 0;
            values.add(present ? ValueCodec.read(types.get(i), in) : null);
        }
        return new FeatureRow(values, validFrom, validUntil, lastEventTime);
    }

    private static void writePresence(List<@Nullable Object> values, ArrayOutput out) {
        for (int from = 0; from < values.size(); from += Byte.SIZE) {
            int bits = 0;
            for (int i = from; i < Math.min(values.size(), from + Byte.SIZE); i++) {
                bits |= values.get(i) == null ? 0 : 1 << (i - from);
            }
            out.writeByte(bits);
        }
    }

    private int presenceSize() {
        return (types.size() + 7) / 8;
    }

    private static int fingerprint(FeatureView view) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Feature feature : view.features()) {
                String line = feature.name() + ' ' + feature.type().spelling() + '\n';
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return ByteBuffer.wrap(digest.digest()).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
