package dev.tidemark.jobs;

import dev.tidemark.engine.oracle.LogEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random payments: several partitions under one clock, behind it within the allowed lateness and, now and then, beyond. */
public final class PaymentLog {
    private static final String[] COUNTRIES = {"DE", "FR", "é", "😀", ""};

    private PaymentLog() {}

    /** Events in an order that has each partition's in the order of their offsets, the first at {@code start}. */
    public static List<LogEvent> random(long seed, int size, int partitions, long start) {
        Random random = new Random(seed);
        List<LogEvent> log = new ArrayList<>();
        Map<Integer, Long> offsets = new HashMap<>();
        long clock = start;
        for (int i = 0; i < size; i++) {
            // Bursts, and a leap that lets windows run empty.
            clock += random.nextInt(50) == 0 ? random.nextInt(4_000_000) : random.nextInt(4_000);
            long back = random.nextInt(20) == 0 ? random.nextInt(30_000) : random.nextInt(3) * 3_000L;
            int partition = random.nextInt(partitions);
            long offset = offsets.merge(partition, 1L, Long::sum) - 1;
            log.add(new LogEvent(partition, offset, clock - (i == 0 ? 0 : back), columns(random)));
        }
        return log;
    }

    /** A payment as a record's value. */
    public static String json(LogEvent event) {
        return TestViews.payment(
                event.time(),
                (String) event.columns().get("card"),
                (Long) event.columns().get("merchant"),
                (String) event.columns().get("country"),
                (Double) event.columns().get("amount"));
    }

    private static Map<String, Object> columns(Random random) {
        Map<String, Object> columns = new HashMap<>();
        columns.put("card", "c" + random.nextInt(4));
        columns.put("merchant", (long) random.nextInt(30) - 9);
        columns.put("country", COUNTRIES[random.nextInt(COUNTRIES.length)]);
        columns.put("amount", random.nextInt(10_000) / 100.0);
        return columns;
    }
}
