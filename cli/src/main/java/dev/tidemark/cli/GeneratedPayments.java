package dev.tidemark.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A lively stream of card payments at the present time: few cards and merchants are busy and many are not, some payments are a
 * little out of order, and now and then a record is late or broken.
 */
final class GeneratedPayments implements EventFeed {
    private static final int CARDS = 5_000;
    private static final int MERCHANTS = 400;
    private static final int LATE_BY_MILLIS = 15_000;
    private static final String BROKEN = "{\"ts\": \"yesterday\", \"card_id\": ";
    private static final List<String> COUNTRIES = List.of("DE", "FR", "NL", "US", "GB", "JP", "BR", "IN");
    private static final List<String> CATEGORIES =
            List.of("grocery", "travel", "fuel", "books", "restaurant", "gift_cards");

    private final int perSecond;
    private final Clock clock;
    private final Random random;
    private long number;

    /**
     * A stream of its own rate and chance.
     *
     * @param perSecond payments a second, more than zero
     * @param seed the same seed gives the same payments but for their times
     */
    GeneratedPayments(int perSecond, long seed, Clock clock) {
        this.perSecond = perSecond;
        this.clock = clock;
        this.random = new Random(seed);
    }

    @Override
    public void run(EventPublisher publisher) {
        long nanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long next = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            if (random.nextInt(4_000) == 0) {
                publisher.publishRaw(BROKEN.getBytes(StandardCharsets.UTF_8));
            }
            publisher.publish(payment());
            next += nanos;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    @Override
    public String description() {
        return perSecond + " generated payments a second";
    }

    /** The next payment. */
    ObjectNode payment() {
        boolean late = random.nextInt(3_000) == 0;
        long time = clock.millis() - (late ? LATE_BY_MILLIS : random.nextInt(200));
        int card = skewed(CARDS);
        ObjectNode payment = JsonNodeFactory.instance.objectNode();
        payment.put("ts", time);
        payment.put("payment_id", "p-" + time + "-" + number++);
        payment.put("card_id", "card-" + card);
        payment.put("merchant_id", "merchant-" + skewed(MERCHANTS));
        payment.put("amount", amount());
        payment.put("currency", "EUR");
        // A card is at home most of the time.
        payment.put("country", COUNTRIES.get(random.nextInt(20) == 0 ? random.nextInt(COUNTRIES.size()) : card % 8));
        payment.put("category", CATEGORIES.get(random.nextInt(CATEGORIES.size())));
        payment.put("approved", random.nextInt(25) != 0);
        payment.put("card_present", random.nextInt(3) != 0);
        return payment;
    }

    /** A number from 0 up to a limit, the smaller the more often, about as Zipf's law has it. */
    private int skewed(int limit) {
        return (int) Math.pow(limit, random.nextDouble()) - 1;
    }

    /** An amount with cents, mostly small. */
    private double amount() {
        return Math.round(Math.exp(2.5 + 1.2 * random.nextGaussian()) * 100) / 100.0;
    }
}
