package dev.tidemark.stores;

import dev.tidemark.defs.DataType;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Values of a {@link DataType} in columns of Postgres, to the bit. Lists are kept as {@code json}, which, unlike {@code jsonb},
 * keeps the sign of a zero; their elements are written as {@link JsonValue} says.
 */
final class SqlValue {
    /** The instants that a timestamptz can hold: 4713 BC to 294276 AD, less a day at either end for time zones. */
    static final Instant MIN_INSTANT = Instant.parse("-4711-01-01T00:00:00Z");

    static final Instant MAX_INSTANT = Instant.parse("+294276-12-30T00:00:00Z");

    private SqlValue() {}

    /** The type of a column for values of a type. */
    static String columnType(DataType type) {
        if (type instanceof DataType.Primitive primitive) {
            return switch (primitive) {
                case LONG -> "bigint";
                case DOUBLE -> "double precision";
                case BOOLEAN -> "boolean";
                case STRING -> "text";
                case TIMESTAMP -> "timestamptz(3)";
                case BYTES -> "bytea";
            };
        } else if (type instanceof DataType.Decimal decimal) {
            return "numeric(" + decimal.precision() + "," + decimal.scale() + ")";
        }
        return "json";
    }

    /**
     * Where in a row a value ends at most, if those before it end at a byte. Postgres aligns numbers, and keeps up to 24 bytes of
     * what varies in length in the row itself; what is longer it can keep elsewhere.
     */
    static int end(DataType type, int before) {
        if (type == DataType.BOOLEAN) {
            return before + 1;
        }
        boolean fixed = type == DataType.LONG || type == DataType.DOUBLE || type == DataType.TIMESTAMP;
        return fixed ? aligned(before) + Long.BYTES : before + 24;
    }

    /** The next byte at which a number, or a row's data, may begin. */
    static int aligned(int bytes) {
        return (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }

    static void bind(PreparedStatement statement, int index, DataType type, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            statement.setNull(index, sqlType(type));
        } else if (type instanceof DataType.Primitive primitive) {
            bindPrimitive(statement, index, primitive, value);
        } else if (type instanceof DataType.Decimal) {
            statement.setBigDecimal(index, (BigDecimal) value);
        } else {
            statement.setObject(index, JsonValue.text(type, value), Types.OTHER);
        }
    }

    static void bindInstant(PreparedStatement statement, int index, long epochMillis) throws SQLException {
        bindPrimitive(statement, index, DataType.Primitive.TIMESTAMP, Instant.ofEpochMilli(epochMillis));
    }

    static @Nullable Object read(ResultSet row, int index, DataType type) throws SQLException {
        Object value;
        if (type instanceof DataType.Primitive primitive) {
            value = readPrimitive(row, index, primitive);
        } else if (type instanceof DataType.Decimal) {
            value = row.getBigDecimal(index);
        } else {
            String json = row.getString(index);
            value = json == null ? null : JsonValue.parse(type, json);
        }
        return row.wasNull() ? null : value;
    }

    static long readInstant(ResultSet row, int index) throws SQLException {
        return row.getObject(index, OffsetDateTime.class).toInstant().toEpochMilli();
    }

    private static void bindPrimitive(PreparedStatement statement, int index, DataType.Primitive type, Object value)
            throws SQLException {
        switch (type) {
            case LONG -> statement.setLong(index, (Long) value);
            case DOUBLE -> statement.setDouble(index, (Double) value);
            case BOOLEAN -> statement.setBoolean(index, (Boolean) value);
            case STRING -> statement.setString(index, SqlText.escape((String) value));
            case TIMESTAMP ->
                statement.setObject(index, checked((Instant) value).atOffset(ZoneOffset.UTC));
            case BYTES -> statement.setBytes(index, (byte[]) value);
        }
    }

    private static @Nullable Object readPrimitive(ResultSet row, int index, DataType.Primitive type)
            throws SQLException {
        return switch (type) {
            case LONG -> row.getLong(index);
            case DOUBLE -> row.getDouble(index);
            case BOOLEAN -> row.getBoolean(index);
            case STRING -> {
                String text = row.getString(index);
                yield text == null ? null : SqlText.unescape(text);
            }
            case TIMESTAMP -> {
                OffsetDateTime time = row.getObject(index, OffsetDateTime.class);
                yield time == null ? null : time.toInstant();
            }
            case BYTES -> row.getBytes(index);
        };
    }

    /** The instant, if a timestamptz can hold it. */
    static Instant checked(Instant instant) {
        if (instant.isBefore(MIN_INSTANT) || instant.isAfter(MAX_INSTANT)) {
            throw new IllegalArgumentException("Postgres cannot keep the instant " + instant + "; it keeps those from "
                    + MIN_INSTANT + " to " + MAX_INSTANT + ".");
        }
        return instant;
    }

    /** The same type for a null as for a value, so that a batch keeps its plan. */
    private static int sqlType(DataType type) {
        if (type instanceof DataType.Primitive primitive) {
            return switch (primitive) {
                case LONG -> Types.BIGINT;
                case DOUBLE -> Types.DOUBLE;
                case BOOLEAN -> Types.BOOLEAN;
                case STRING -> Types.VARCHAR;
                case TIMESTAMP -> Types.TIMESTAMP_WITH_TIMEZONE;
                case BYTES -> Types.BINARY;
            };
        }
        return type instanceof DataType.Decimal ? Types.NUMERIC : Types.OTHER;
    }
}
