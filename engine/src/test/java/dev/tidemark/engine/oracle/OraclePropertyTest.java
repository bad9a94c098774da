package dev.tidemark.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.FeatureRow;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The oracle looks for changes at few instants only; here it must not have missed one. */
class OraclePropertyTest {
    @Provide
    Arbitrary<Scenario> scenarios() {
        return Scenarios.ofEvents(8, 1);
    }

    @Property(tries = 300)
    void betweenTwoRowsNothingChanges(@ForAll("scenarios") Scenario scenario) {
        Oracle oracle = Oracle.of(scenario.view(), scenario.log());
        for (String key : oracle.keys()) {
            for (FeatureRow row : oracle.history(key)) {
                long until = Math.min(row.validUntil(), row.validFrom() + 300);
                for (long instant = row.validFrom(); instant < until; instant++) {
                    assertThat(oracle.valuesAt(key, instant).map(RowText::values))
                            .as("values at %s", instant)
                            .contains(RowText.values(row.values()));
                }
            }
        }
    }

    @Property(tries = 300)
    void aRowIsTheOneOfItsInstant(@ForAll("scenarios") Scenario scenario) {
        Oracle oracle = Oracle.of(scenario.view(), scenario.log());
        for (String key : oracle.keys()) {
            List<FeatureRow> rows = oracle.history(key);
            boolean all = scenario.view().history().every() == null;
            assertThat(all ? oracle.rowAt(key, rows.get(0).validFrom() - 1) : Optional.empty())
                    .isEmpty();
            for (FeatureRow row : rows) {
                assertThat(oracle.rowAt(key, row.validFrom())).contains(row);
                assertThat(oracle.rowAt(key, row.validUntil() - 1)).contains(row);
            }
        }
    }
}
