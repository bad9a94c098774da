package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** EMA, MACD, signal and RSI of the tickers example, against the loops of a textbook, though trades arrive out of order. */
final class TickersExampleTest {
    private static final long START = Instant.parse("2026-03-02T14:30:00Z").toEpochMilli();
    private static final int TRADES = 400;
    private static final int OUT_OF_ORDER = 4;

    private final double[] prices = new double[TRADES];
    private final Map<Long, Map<String, Double>> textbook = new HashMap<>();

    @Test
    void indicatorsAreThoseOfATextbookLoop() throws Exception {
        FeatureView view = DefinitionReader.readDirectory(Path.of("..", "feature-defs", "examples", "tickers"))
                .view("indicators")
                .orElseThrow();
        walk();
        loop();
        Map<Long, FeatureRow> rows = rows(view);
        assertThat(rows).hasSize(TRADES);
        DerivedValues derived = DerivedValues.of(view);
        textbook.forEach((time, expected) -> {
            FeatureRow row = rows.get(time);
            Map<String, Object> values =
                    new HashMap<>(derived.evaluate(List.of("ACME"), row, Instant.ofEpochMilli(time + 1)));
            for (int i = 0; i < view.features().size(); i++) {
                Feature feature = view.features().get(i);
                values.put(feature.name(), row.values().get(i));
            }
            expected.forEach((name, value) ->
                    assertThat(values.get(name)).as(name + " at " + time).isEqualTo(value));
        });
    }

    /** The row just after each trade, by its time. */
    private Map<Long, FeatureRow> rows(FeatureView view) {
        ViewPlan plan = ViewPlan.of(view);
        EventProjector projector = new EventProjector(plan);
        byte[] state = EntityState.create(plan).encode();
        Map<Long, FeatureRow> rows = new HashMap<>();
        for (int trade : arrivals()) {
            EntityState entity = EntityState.decode(plan, state);
            Map<String, Object> event =
                    Map.of("symbol", "ACME", "ts", time(trade), "price", prices[trade], "volume", 100L + trade);
            entity.accept(new InputEvent(
                    time(trade), 0, trade, projector.project(event).inputs()));
            entity.settle(time(trade) - OUT_OF_ORDER * 1_000L, row -> rows.put(row.validFrom() - 1, row));
            state = entity.encode();
        }
        EntityState.decode(plan, state).settle(time(TRADES), row -> rows.put(row.validFrom() - 1, row));
        rows.keySet().retainAll(textbook.keySet());
        return rows;
    }

    private static List<Integer> arrivals() {
        List<Integer> trades = new ArrayList<>();
        for (int i = 0; i < TRADES; i++) {
            trades.add(i);
        }
        for (int i = 0; i < TRADES; i += OUT_OF_ORDER) {
            Collections.shuffle(trades.subList(i, i + OUT_OF_ORDER), new Random(i));
        }
        return trades;
    }

    private static long time(int trade) {
        return START + trade * 1_000L;
    }

    private void walk() {
        Random random = new Random(11);
        double price = 100;
        for (int i = 0; i < TRADES; i++) {
            price = Math.max(1, price + random.nextGaussian());
            prices[i] = Math.round(price * 100) / 100.0;
        }
    }

    private void loop() {
        double ema12 = prices[0];
        double ema26 = prices[0];
        double signal = 0;
        double gains = 0;
        double losses = 0;
        for (int i = 0; i < TRADES; i++) {
            Map<String, Double> at = new HashMap<>();
            if (i > 0) {
                ema12 = prices[i] * (2.0 / 13) + ema12 * (1 - 2.0 / 13);
                ema26 = prices[i] * (2.0 / 27) + ema26 * (1 - 2.0 / 27);
                signal = (ema12 - ema26) * (2.0 / 10) + signal * (1 - 2.0 / 10);
                double change = prices[i] - prices[i - 1];
                double gain = Math.max(change, 0);
                double loss = Math.max(-change, 0);
                gains = i == 1 ? gain : gain * (1.0 / 14) + gains * (1 - 1.0 / 14);
                losses = i == 1 ? loss : loss * (1.0 / 14) + losses * (1 - 1.0 / 14);
                at.put("avg_gain", gains);
                at.put("avg_loss", losses);
                at.put("rsi_14", gains + losses == 0 ? 50.0 : 100 * gains / (gains + losses));
            }
            at.put("close", prices[i]);
            at.put("ema_12", ema12);
            at.put("ema_26", ema26);
            at.put("macd", ema12 - ema26);
            at.put("signal", signal);
            at.put("macd_histogram", ema12 - ema26 - signal);
            textbook.put(time(i), at);
        }
    }
}
