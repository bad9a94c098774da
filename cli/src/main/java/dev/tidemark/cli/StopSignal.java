package dev.tidemark.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/** Ctrl-C and a plain kill as a wish to end, so that a command ends as it does by itself: in order, with its summary. */
final class StopSignal {
    private final CountDownLatch wished = new CountDownLatch(1);

    /** One that no signal gives. */
    StopSignal() {}

    /** From now on the process does not end at the first signal; at the second it does. */
    static StopSignal install() {
        StopSignal stop = new StopSignal();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> {
                if (stop.wished()) {
                    Runtime.getRuntime().exit(128 + signal.getNumber());
                }
                stop.wish();
            });
        }
        return stop;
    }

    void wish() {
        wished.countDown();
    }

    boolean wished() {
        return wished.getCount() == 0;
    }

    /** Waits; true if the end was wished for meanwhile. */
    boolean await(Duration time) throws InterruptedException {
        return wished.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
