package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Window;

/** The definition of a sliding window: at instant t the events in {@code [floor(t - offset - length, step), t - offset)}. */
final class WindowBounds {
    private WindowBounds() {}

    /** The least event time that is in the window at {@code instant}. */
    static long from(Window.Sliding window, long instant) {
        return floor(Math.subtractExact(end(window, instant), window.lengthMillis()), window.stepMillis());
    }

    /** The least event time that is too new for the window at {@code instant}. */
    static long end(Window.Sliding window, long instant) {
        return Math.subtractExact(instant, window.offsetMillis());
    }

    /** The first instant at which the window covers an event. */
    static long entry(Window.Sliding window, long time) {
        return Math.addExact(time, window.offsetMillis() + 1);
    }

    /** The first instant at which the window no longer covers an event: its slice's end, then length and offset. */
    static long exit(Window.Sliding window, long time) {
        long sliceEnd = Math.addExact(floor(time, window.stepMillis()), window.stepMillis());
        return Math.addExact(sliceEnd, Math.addExact(window.lengthMillis(), window.offsetMillis()));
    }

    /** The greatest multiple of {@code step} that is not above {@code instant}. */
    static long floor(long instant, long step) {
        return Math.multiplyExact(Math.floorDiv(instant, step), step);
    }
}
