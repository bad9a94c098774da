package dev.tidemark.jobs.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.HistoryWrite;
import dev.tidemark.stores.InMemoryHistoryStore;
import dev.tidemark.stores.TestViews;
import dev.tidemark.stores.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two versions of a view, one of which has come further. */
final class AgreementTest {
    private static final Entity CARD = TestViews.entity("card", "card_id", DataType.STRING);
    private static final String ANN = JoinKeys.encode(CARD, List.of("ann"));

    private final FeatureView one = TestViews.view("cards", 1, CARD, "n", DataType.LONG);
    private final FeatureView other = TestViews.view("cards", 2, CARD, "m", DataType.LONG, "n", DataType.LONG);
    private final InMemoryHistoryStore history = new InMemoryHistoryStore();
    private int attempt;

    @Test
    void whatOneVersionHasNotSettledYetIsNoDifference() {
        write(one, row(100, 1L));
        write(other, row(100, 7L, 1L), row(200, 7L, 2L));
        assertThat(compared()).as("nobody has said how far the histories are").isEqualTo(agreement(0, 0));

        history.settle(other, 250);
        assertThat(compared()).as("one has not said it").isEqualTo(agreement(0, 0));

        history.settle(one, 150);
        assertThat(compared()).isEqualTo(agreement(1, 0));

        history.settle(one, 250);
        assertThat(compared()).as("a row is missing that should be there").isEqualTo(agreement(1, 1));

        write(one, row(200, 2L));
        assertThat(compared()).isEqualTo(agreement(1, 0));
    }

    private Agreement compared() {
        return Agreement.of(one, other, history, Integer.MAX_VALUE, 1, 240);
    }

    private static Agreement agreement(long values, long differing) {
        return new Agreement(List.of("n"), values, differing);
    }

    private static FeatureRow row(long validFrom, Object... values) {
        return new FeatureRow(List.of(values), validFrom, FeatureRow.NEVER, validFrom - 1);
    }

    private void write(FeatureView view, FeatureRow... rows) {
        history.create(view);
        var epoch = history.enter(view, new Writer(Writer.Line.LIVE, "job", "run", "history/0", attempt++));
        for (FeatureRow row : rows) {
            history.write(epoch, List.of(new HistoryWrite(view, ANN, row)));
        }
    }
}
