package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class HistoryTableTest {

    @Test
    void hasTypedColumnsAndAPrimaryKey() {
        HistoryTable table = HistoryTable.of(TestViews.view(
                "visits", 2, HostileRows.PLACE, "n", DataType.LONG, "paid", new DataType.Decimal(18, 2)));

        assertThat(table.createStatements())
                .containsExactly(
                        "create schema if not exists \"history\"",
                        "create schema if not exists \"history_parts\"",
                        "create table if not exists \"history\".\"visits_v2\" (\"lot\" bigint not null, "
                                + "\"indoors\" boolean not null, \"since\" timestamptz(3) not null, "
                                + "\"valid_from\" timestamptz(3) not null, \"last_event_time\" timestamptz(3) not null, "
                                + "\"n\" bigint, \"paid\" numeric(18,2), tidemark_epoch bigint not null, "
                                + "primary key (\"lot\", \"indoors\", \"since\", valid_from)) "
                                + "partition by range (valid_from)");
    }

    @Test
    void namesItsPartsSoThatTheirMonthIsFoundAgain() {
        HistoryTable table = HistoryTable.of(TestViews.view("v".repeat(70), 1, HostileRows.USER, "n", DataType.LONG));
        for (String instant : List.of("0001-01-01T00:00:00Z", "2024-12-31T23:59:59.999Z", "2100-01-01T00:00:00Z")) {
            HistoryPartition part = HistoryPartition.of(Instant.parse(instant).toEpochMilli());

            assertThat(table.partName(part)).hasSizeLessThanOrEqualTo(63);
            assertThat(HistoryPartition.ofName(table.partName(part))).isEqualTo(part);
            assertThat(part.contains(Instant.parse(instant).toEpochMilli())).isTrue();
        }
    }

    @Test
    void namesItsPartsAlikeInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(HistoryPartition.of(Instant.parse("2024-12-31T23:59:59Z").toEpochMilli())
                            .suffix())
                    .isEqualTo("_2024_12");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void travelsToWhereItIsUsed() throws IOException, ClassNotFoundException {
        HistoryTable table = HistoryTable.of(HostileRows.EVERYTHING);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(table);

        Object copy = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(((HistoryTable) copy).createStatements()).isEqualTo(table.createStatements());
    }

    @Test
    void refusesTwoColumnsOfOneName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HistoryTable.of(TestViews.view("v", 1, HostileRows.USER, "id", DataType.LONG)))
                .withMessageContaining("v@1 would have two columns named id");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> HistoryTable.of(TestViews.view("v", 1, HostileRows.USER, "valid_from", DataType.LONG)))
                .withMessageContaining("two columns named valid_from");
    }

    @Test
    void refusesMoreFeaturesThanARowHolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HistoryTable.of(wide(1_000, DataType.LONG)))
                .withMessageContaining("too many features, 1000")
                .withMessageContaining("Split the view");
    }

    @Test
    void countsWhatPostgresKeepsInTheRowAtMost() {
        // 72 bytes of header, the key, two times, 335 texts and the epoch are 8,160.
        assertThat(HistoryTable.of(wide(335, DataType.STRING)).features()).hasSize(335);
        assertThatIllegalArgumentException().isThrownBy(() -> HistoryTable.of(wide(336, DataType.STRING)));
        assertThatIllegalArgumentException()
                .as("7 bytes of padding behind each boolean")
                .isThrownBy(() -> HistoryTable.of(wide(1_010, DataType.BOOLEAN, DataType.LONG)));
        assertThat(HistoryTable.of(wide(1_010, DataType.BOOLEAN)).features()).hasSize(1_010);
    }

    private static FeatureView wide(int count, DataType... types) {
        Object[] features = new Object[2 * count];
        for (int i = 0; i < count; i++) {
            features[2 * i] = "f" + i;
            features[2 * i + 1] = types[i % types.length];
        }
        return TestViews.view("v", 1, HostileRows.USER, features);
    }
}
