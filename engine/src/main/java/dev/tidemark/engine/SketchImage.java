package dev.tidemark.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The compact image of a HyperLogLog sketch, of which DataSketches promises that all its versions and languages read it, without
 * what it tells of the order in which values came. Equal sets are then equal bytes.
 */
final class SketchImage {
    private static final int FLAGS = 5;
    private static final int OUT_OF_ORDER = 0x10;
    private static final int MODE = 7; // The lowest two bits.
    private static final int LIST = 0;
    private static final int SET = 1;
    private static final int LIST_START = 8;
    private static final int SET_START = 12;
    private static final int ORDERED_ESTIMATE = 8;

    private SketchImage() {}

    /** Changes an image in place: hashes in ascending order; no estimate that follows the order of values. */
    static byte[] withoutOrder(byte[] image) {
        int mode = image[MODE] & 3;
        if (mode == LIST || mode == SET) {
            sort(image, mode == LIST ? LIST_START : SET_START);
        } else {
            image[FLAGS] |= OUT_OF_ORDER;
            Arrays.fill(image, ORDERED_ESTIMATE, ORDERED_ESTIMATE + Double.BYTES, (byte) 0);
        }
        return image;
    }

    private static void sort(byte[] image, int start) {
        if (image.length > start) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(image).order(ByteOrder.nativeOrder()).position(start);
            int[] hashes = new int[bytes.remaining() / Integer.BYTES];
            bytes.asIntBuffer().get(hashes);
            Arrays.sort(hashes);
            bytes.asIntBuffer().put(hashes);
        }
    }
}
