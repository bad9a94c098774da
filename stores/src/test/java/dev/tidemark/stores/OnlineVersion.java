package dev.tidemark.stores;

import dev.tidemark.engine.LogPosition;
import java.util.TreeMap;

/**
 * Which of two rows of one entity is the newer, told a second time for the double and to check the script in Redis.
 *
 * @param epoch the number of an {@link Epoch}
 * @param validFrom epoch milliseconds
 */
record OnlineVersion(long epoch, LogPosition position, long validFrom) {

    enum Verdict {
        TAKEN,
        BEHIND,
        FENCED
    }

    /** The verdict over a row that comes while this one is stored. */
    Verdict on(OnlineVersion candidate) {
        if (candidate.epoch <= epoch) {
            return candidate.epoch == epoch ? Verdict.TAKEN : Verdict.FENCED;
        }
        TreeMap<String, Long> known = offsets(position);
        TreeMap<String, Long> offered = offsets(candidate.position);
        boolean startsOver = !offered.keySet().containsAll(known.keySet());
        boolean lessSomewhere = known.keySet().stream()
                .anyMatch(partition -> offered.getOrDefault(partition, Long.MAX_VALUE) < known.get(partition));
        boolean moreThanSomething = !known.isEmpty()
                && offered.keySet().stream()
                        .anyMatch(partition -> offered.get(partition) > known.getOrDefault(partition, -1L));
        boolean later = candidate.validFrom > validFrom;
        boolean taken = !lessSomewhere
                && (!startsOver || later)
                && (moreThanSomething || later || candidate.validFrom == validFrom);
        return taken ? Verdict.TAKEN : Verdict.BEHIND;
    }

    private static TreeMap<String, Long> offsets(LogPosition position) {
        TreeMap<String, Long> offsets = new TreeMap<>();
        String text = position.toString();
        for (String part : text.isEmpty() ? new String[0] : text.split(",")) {
            offsets.put(part.substring(0, part.indexOf(':')), Long.parseLong(part.substring(part.indexOf(':') + 1)));
        }
        return offsets;
    }
}
