package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.engine.oracle.EngineRun;
import dev.tidemark.engine.oracle.EntityRun;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.Scenario;
import dev.tidemark.engine.oracle.Schedule;
import dev.tidemark.engine.oracle.WindowKind;
import dev.tidemark.engine.oracle.WindowedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

/** Each aggregate alone, over each kind of window, on a thousand histories: settled rows and provisional values are the oracle's. */
class EveryAggregatePropertyTest {
    private static final int HISTORIES = 1_000;
    private static final int MOST_EVENTS = 8;
    private static final List<String> NUMBERS = List.of("n", "x", "d");
    private static final List<String> ORDERED = List.of("n", "x", "d", "name", "at");
    private static final List<String> SINGLE = List.of("n", "x", "d", "name", "at", "flag", "raw");
    private static final List<String> ALL = List.of("n", "x", "d", "name", "at", "flag", "raw", "words");
    private static final Map<Aggregate, List<String>> AGGREGATES = aggregates();

    private static Map<Aggregate, List<String>> aggregates() {
        Map<Aggregate, List<String>> columns = new LinkedHashMap<>();
        for (Plain plain : Plain.values()) {
            columns.put(
                    plain,
                    switch (plain) {
                        case COUNT, FIRST, LAST -> ALL;
                        case MIN, MAX -> ORDERED;
                        case COUNT_DISTINCT, APPROX_COUNT_DISTINCT -> SINGLE;
                        case SUM, AVG, VARIANCE, VARIANCE_SAMPLE, STDDEV, STDDEV_SAMPLE -> NUMBERS;
                    });
        }
        columns.put(new Aggregate.FirstN(2), SINGLE);
        columns.put(new Aggregate.LastN(2), SINGLE);
        columns.put(new Aggregate.TopK(2), SINGLE);
        columns.put(new Aggregate.Histogram(2), SINGLE);
        columns.put(new Aggregate.ApproxPercentile(0.5), NUMBERS);
        columns.put(new Aggregate.ApproxPercentile(0.99), NUMBERS);
        columns.put(new Aggregate.Ema(2.0 / 13), NUMBERS);
        columns.put(new Aggregate.DecayedSum(Duration.ofSeconds(7)), NUMBERS);
        columns.put(new Aggregate.DecayedAvg(Duration.ofMillis(3)), NUMBERS);
        columns.put(new Aggregate.Rate(Duration.ofSeconds(7)), NUMBERS);
        return columns;
    }

    @Provide
    Arbitrary<WindowedLog> defaultStep() {
        return WindowedLog.of(WindowKind.DEFAULT_STEP, MOST_EVENTS);
    }

    @Provide
    Arbitrary<WindowedLog> exact() {
        return WindowedLog.of(WindowKind.EXACT, MOST_EVENTS);
    }

    @Provide
    Arbitrary<WindowedLog> offset() {
        return WindowedLog.of(WindowKind.OFFSET, MOST_EVENTS);
    }

    @Provide
    Arbitrary<WindowedLog> lifetime() {
        return WindowedLog.of(WindowKind.LIFETIME, MOST_EVENTS);
    }

    @Provide
    Arbitrary<WindowedLog> tumbling() {
        return WindowedLog.of(WindowKind.TUMBLING, MOST_EVENTS);
    }

    @Provide
    Arbitrary<WindowedLog> civil() {
        return WindowedLog.of(WindowKind.CIVIL, MOST_EVENTS);
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any();
    }

    @Property(tries = HISTORIES, shrinking = ShrinkingMode.BOUNDED)
    void slidingByItsDefaultStep(@ForAll("defaultStep") WindowedLog log, @ForAll("schedules") Schedule schedule) {
        everyAggregateIsTheOracles(WindowKind.DEFAULT_STEP, log, schedule);
    }

    @Property(tries = HISTORIES, shrinking = ShrinkingMode.BOUNDED)
    void slidingExactly(@ForAll("exact") WindowedLog log, @ForAll("schedules") Schedule schedule) {
        everyAggregateIsTheOracles(WindowKind.EXACT, log, schedule);
    }

    @Property(tries = HISTORIES, shrinking = ShrinkingMode.BOUNDED)
    void slidingWithAnOffset(@ForAll("offset") WindowedLog log, @ForAll("schedules") Schedule schedule) {
        everyAggregateIsTheOracles(WindowKind.OFFSET, log, schedule);
    }

    @Property(tries = HISTORIES, shrinking = ShrinkingMode.BOUNDED)
    void lifetime(@ForAll("lifetime") WindowedLog log, @ForAll("schedules") Schedule schedule) {
        everyAggregateIsTheOracles(WindowKind.LIFETIME, log, schedule);
    }

    @Property(tries = HISTORIES, shrinking = ShrinkingMode.BOUNDED)
    void tumbling(@ForAll("tumbling") WindowedLog log, @ForAll("schedules") Schedule schedule) {
        everyAggregateIsTheOracles(WindowKind.TUMBLING, log, schedule);
    }

    @Property(tries = HISTORIES, shrinking = ShrinkingMode.BOUNDED)
    void tumblingByTheCalendar(@ForAll("civil") WindowedLog log, @ForAll("schedules") Schedule schedule) {
        everyAggregateIsTheOracles(WindowKind.CIVIL, log, schedule);
    }

    @Example
    void noAggregateIsLeftOut() {
        assertThat(AGGREGATES.keySet().stream().map(Object::getClass).collect(Collectors.toSet()))
                .containsAll(Arrays.asList(Aggregate.class.getPermittedSubclasses()));
        assertThat(AGGREGATES).containsKeys(Plain.values());
    }

    private static void everyAggregateIsTheOracles(WindowKind kind, WindowedLog log, Schedule schedule) {
        int some = (int) Math.floorMod(schedule.seed(), 1_000L);
        AGGREGATES.forEach((aggregate, columns) -> {
            String column = columns.get(some % columns.size());
            boolean ofEvents = aggregate == Plain.COUNT || aggregate instanceof Aggregate.Rate;
            Scenario scenario = log.with(aggregate, ofEvents && some % 2 == 0 ? null : column);
            if (hasNoMeaning(aggregate, kind)) {
                return;
            } else {
                check(scenario, schedule);
            }
        });
    }

    private static boolean hasNoMeaning(Aggregate aggregate, WindowKind kind) {
        return aggregate instanceof Aggregate.Rate && kind == WindowKind.LIFETIME;
    }

    private static void check(Scenario scenario, Schedule schedule) {
        Oracle oracle = Oracle.of(scenario.view(), scenario.log());
        Map<String, List<FeatureRow>> rows = EngineRun.history(scenario, schedule, entity -> {
            if (entity.reached() != Long.MAX_VALUE) { // Which it does when the log is at its end.
                assertThat(provisional(entity)).isEqualTo(expected(scenario, entity));
            }
        });
        assertThat(texts(rows)).isEqualTo(texts(oracle.history()));
    }

    private static String provisional(EntityRun entity) {
        return RowText.values(entity.current().values());
    }

    private static String expected(Scenario scenario, EntityRun entity) {
        List<@Nullable Object> values = Oracle.ofAccepted(scenario.view(), entity.known())
                .valuesAt(entity.key(), entity.reached())
                .orElseThrow();
        return RowText.values(new ArrayList<>(values));
    }

    private static Map<String, List<String>> texts(Map<String, List<FeatureRow>> rows) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        rows.forEach((key, list) -> texts.put(key, RowText.ofSettled(list)));
        return texts;
    }
}
