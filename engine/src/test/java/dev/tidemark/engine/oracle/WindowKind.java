package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Window;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** The kinds of windows that there are. Lengths are counted in a unit of milliseconds. */
public enum WindowKind {
    /** Sliding, with the step that its length has by default. */
    DEFAULT_STEP {
        @Override
        Arbitrary<Window> windows(long unit) {
            return RandomViews.lengths(unit, 1)
                    .map(length -> ViewBuilder.window(length, RandomViews.defaultStep(length)));
        }
    },
    /** Sliding, true to the millisecond. */
    EXACT {
        @Override
        Arbitrary<Window> windows(long unit) {
            return RandomViews.lengths(unit, 1).map(length -> ViewBuilder.window(length, 1));
        }
    },
    /** Sliding, a while ago. */
    OFFSET {
        @Override
        Arbitrary<Window> windows(long unit) {
            return RandomViews.lengths(unit, 1).flatMap(length -> RandomViews.lengths(unit, 1)
                    .map(offset -> ViewBuilder.window(length, RandomViews.defaultStep(length), offset)));
        }
    },
    LIFETIME {
        @Override
        Arbitrary<Window> windows(long unit) {
            return Arbitraries.just(new Window.Lifetime());
        }
    },
    /** Periods of one length. */
    TUMBLING {
        @Override
        Arbitrary<Window> windows(long unit) {
            return RandomViews.lengths(unit, 1)
                    .map(length -> new Window.Tumbling(Duration.ofMillis(length), null, null));
        }
    },
    /** Days, weeks and months in time zones. */
    CIVIL {
        @Override
        Arbitrary<Window> windows(long unit) {
            return RandomViews.civil();
        }
    };

    abstract Arbitrary<Window> windows(long unit);
}
