package dev.tidemark.defs;

import java.math.BigDecimal;

/**
 * A decimal as CEL's runtime takes it. It is no {@link Number}, as of these the runtime knows only its own and finds no other equal
 * to anything.
 *
 * @param number without trailing zeros, so that equal numbers are equal whatever their scale
 */
record CelDecimal(BigDecimal number) {
    CelDecimal {
        number = number.stripTrailingZeros();
    }

    double toDouble() {
        return number.doubleValue();
    }
}
