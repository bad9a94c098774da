package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    @Test
    void cutsWhatTakesTooLongAndNothingElse() throws InterruptedException {
        CountDownLatch quick = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        new Watchdog(Duration.ofMillis(50), quick::countDown).close();
        try (Watchdog watchdog = new Watchdog(Duration.ofMillis(100), slow::countDown)) {
            assertThat(slow.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(quick.getCount()).isEqualTo(1);
    }
}
