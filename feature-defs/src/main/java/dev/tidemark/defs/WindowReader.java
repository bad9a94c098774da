package dev.tidemark.defs;

import dev.tidemark.defs.Window.CivilUnit;
import dev.tidemark.defs.YamlValue.Scalar;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one window and knows what it is called in the name of a feature. */
final class WindowReader {
    private static final String MONTH = "1mo";

    /** A month has up to 31 days; where a length is wanted, it is the longest. */
    private static final Duration LONGEST_MONTH = Duration.ofDays(31);

    private static final Map<Duration, CivilUnit> CIVIL =
            Map.of(Duration.ofDays(1), CivilUnit.DAY, Duration.ofDays(7), CivilUnit.WEEK);
    private static final List<String> FIELDS = List.of("length", "step", "offset", "tumbling", "time_zone", "as");
    private static final Pattern SUFFIX = Pattern.compile("[a-zA-Z0-9_]*[a-zA-Z0-9]");
    private static final Duration POSITIVE = Duration.ofMillis(1);

    private final Fields fields;
    private final Problems problems;

    private WindowReader(Fields fields, Problems problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /**
     * A window and what it adds to the name of a feature.
     *
     * @param suffix without the underscore before it
     */
    record Named(String suffix, Window window, Place place) {}

    /** Null if the window is broken, which is reported. */
    static @Nullable Named read(YamlValue value, Problems problems) {
        if (value instanceof Scalar scalar) {
            Duration length = Texts.duration("windows", value, problems);
            if (length == null || !isPositive("A window", length, scalar, problems)) {
                return null;
            }
            return new Named(
                    scalar.text(), new Window.Sliding(length, DefaultSteps.of(length), Duration.ZERO), value.place());
        }
        Fields fields = Fields.of(value, "a window", FIELDS, problems);
        if (fields == null) {
            return null;
        }
        WindowReader reader = new WindowReader(fields, problems);
        return fields.has("tumbling") ? reader.tumbling() : reader.sliding();
    }

    private static boolean isPositive(String what, Duration length, Scalar value, Problems problems) {
        if (length.isZero()) {
            problems.report(value.place(), what + " must be longer than zero, not " + value.text() + ".");
        }
        return !length.isZero();
    }

    private @Nullable Named sliding() {
        if (fields.has("time_zone")) {
            problems.report(
                    fields.place("time_zone"),
                    "'time_zone' belongs to tumbling windows; a sliding window is the same everywhere.",
                    "Write { tumbling: 1d, time_zone: ... }, or remove it.");
            return null;
        }
        Duration length = fields.duration("length", fields.required("length"), POSITIVE);
        Duration offset = fields.optionalDuration("offset", Duration.ZERO);
        Duration step = step(length);
        String suffix = suffix();
        if (length == null || step == null || suffix == null || fields.has("offset") && offset == null) {
            return null;
        }
        return new Named(
                suffix, new Window.Sliding(length, step, offset == null ? Duration.ZERO : offset), fields.place());
    }

    /** Null if the step is broken, or if the length is and there is none. */
    private @Nullable Duration step(@Nullable Duration length) {
        YamlValue value = fields.optional("step");
        if (value == null) {
            return fields.has("step") || length == null ? null : DefaultSteps.of(length);
        }
        if (value instanceof Scalar scalar && scalar.text().equals("exact")) {
            return DefaultSteps.EXACT;
        }
        Duration step = fields.duration("step", value, POSITIVE);
        if (step != null && length != null && step.compareTo(length) > 0) {
            problems.report(
                    value.place(),
                    "The step " + ((Scalar) value).text() + " is longer than its window of " + text("length") + ".",
                    "Make it shorter, or leave it out: the default is " + Durations.format(DefaultSteps.of(length))
                            + ".");
            return null;
        }
        return step;
    }

    private @Nullable Named tumbling() {
        boolean clean = true;
        for (String field : List.of("length", "step", "offset")) {
            if (fields.has(field)) {
                problems.report(
                        fields.place(field),
                        "A tumbling window has no '" + field + "'; it is the last complete period.",
                        "Remove it, or write 'length' instead of 'tumbling' for a sliding window.");
                clean = false;
            }
        }
        ZoneId zone = zone();
        Duration length = period();
        String suffix = suffix();
        if (!clean || length == null || suffix == null || fields.has("time_zone") && zone == null) {
            return null;
        }
        @Nullable CivilUnit unit = zone == null ? null : civilUnit(length);
        if (zone != null && unit == null) {
            problems.report(
                    fields.place("tumbling"),
                    "A period of " + text("tumbling") + " has no time zone; civil periods are one day, week or month.",
                    "Write 1d, 1w or 1mo, or remove the time zone.");
            return null;
        }
        return new Named(suffix, new Window.Tumbling(length, unit, zone), fields.place());
    }

    private @Nullable CivilUnit civilUnit(Duration length) {
        return text("tumbling").equals(MONTH) ? CivilUnit.MONTH : CIVIL.get(length);
    }

    private @Nullable Duration period() {
        YamlValue value = fields.optional("tumbling");
        if (value instanceof Scalar scalar && scalar.text().equals(MONTH)) {
            if (fields.has("time_zone")) {
                return LONGEST_MONTH;
            }
            problems.report(
                    value.place(), "A period of 1mo needs a 'time_zone'.", "Write, for example, time_zone: UTC.");
            return null;
        }
        return fields.duration("tumbling", value, POSITIVE);
    }

    private @Nullable ZoneId zone() {
        String name = fields.optionalText("time_zone");
        if (name == null) {
            return null;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            String closest = Suggestions.closest(name, ZoneId.getAvailableZoneIds());
            problems.report(
                    fields.place("time_zone"),
                    "There is no time zone '" + name + "'.",
                    closest == null ? "Write, for example, UTC or Europe/Berlin." : "Did you mean '" + closest + "'?");
            return null;
        }
    }

    /** Null if it is broken, or hangs on something that is. */
    private @Nullable String suffix() {
        if (fields.has("as")) {
            YamlValue value = fields.optional("as");
            if (value == null) {
                return null;
            }
            if (value instanceof Scalar scalar && SUFFIX.matcher(scalar.text()).matches()) {
                return scalar.text();
            }
            problems.report(
                    value.place(),
                    "'as' must be letters, digits and underscores, not " + value.describe() + ".",
                    "Write, for example, as: hourly.");
            return null;
        }
        if (fields.has("tumbling")) {
            return "each_" + text("tumbling");
        }
        Duration offset = fields.has("offset") ? durationOrNull(text("offset")) : null;
        return offset == null || offset.isZero() ? text("length") : text("length") + "_ago_" + text("offset");
    }

    private static @Nullable Duration durationOrNull(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private String text(String field) {
        return fields.rawText(field);
    }
}
