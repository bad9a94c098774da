package dev.tidemark.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PositionSetTest {
    @Test
    void isASet() {
        Random random = new Random(1);
        PositionSet positions = new PositionSet();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            int partition = random.nextInt(3);
            long offset = random.nextInt(4) * 1_000_000_000_000L + random.nextInt(5_000);
            assertThat(positions.contains(partition, offset)).isEqualTo(expected.contains(partition + ":" + offset));
            assertThat(positions.add(partition, offset)).isEqualTo(expected.add(partition + ":" + offset));
        }
        assertThat(positions.size()).isEqualTo(expected.size());
        assertThat(positions.contains(7, 0)).isFalse();
    }
}
