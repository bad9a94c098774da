package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order of their times, in chunks. A chunk that nobody looks into stays as bytes: an event touches the newest items
 * and those that leave next, and the many between are only kept.
 *
 * <p>A chunk takes as many items as there are chunks, so n items lie in about the square root of 2n chunks, and to look at every
 * chunk and into one of them costs about as much as to do either.
 */
final class Sequence<T> {
    private static final int LEAST_CAPACITY = 16;

    private final Form<T> form;
    private final List<Chunk<T>> chunks = new ArrayList<>();
    private final List<Place> readers = new ArrayList<>();
    private int itemBytes = 32; // Of an item when a chunk was last written: it will hardly be another now.
    private int dropped; // How many chunks there were before the first: a chunk keeps its number when older ones go.

    Sequence(Form<T> form) {
        this.form = form;
    }

    /** How the items are written. */
    interface Form<T> {
        long time(T item);

        /** A number of which the distance between any two times is a whole multiple. */
        long unit();

        /** Writes all but the time. */
        void write(T item, DataOutput out) throws IOException;

        T read(long time, DataInput in) throws IOException;
    }

    /** Where a reader is: at an item or behind the last. */
    static final class Place {
        private int chunk;
        private int index;

        void set(Place other) {
            chunk = other.chunk;
            index = other.index;
        }
    }

    /** A run of neighbouring items. */
    static final class Chunk<T> {
        private final long first;
        private long last;
        private @Nullable ArrayInput bytes; // Null if there are none, or they are out of date.
        private @Nullable List<T> items; // Null until looked at.
        /** Whatever the owner of the sequence wants to remember of a chunk that takes no more items. */
        @Nullable
        Object digest;

        /** About how many bytes the digest takes. */
        long digestWeight;

        private long itemsWeight; // Of a chunk that takes no more items, once it was asked for; else 0.

        private Chunk(long first) {
            this.first = first;
        }

        /** The time of the first item. */
        long first() {
            return first;
        }

        /** The time of the last item. */
        long last() {
            return last;
        }
    }

    /** Makes a place that keeps its chunk from being packed up while it is there. */
    Place reader() {
        Place place = new Place();
        readers.add(place);
        return place;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** The last item, which may be changed if {@link #touch} is called after; null if there is none. */
    @Nullable
    T last() {
        if (chunks.isEmpty()) {
            return null;
        }
        List<T> items = items(chunks.get(chunks.size() - 1));
        return items.get(items.size() - 1);
    }

    /** Says that the last item was changed. */
    void touch() {
        chunks.get(chunks.size() - 1).bytes = null;
    }

    /** Adds an item behind all others. */
    void add(T item) {
        long time = form.time(item);
        Chunk<T> newest = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (newest == null || items(newest).size() >= Math.max(LEAST_CAPACITY, chunks.size())) {
            Chunk<T> next = new Chunk<>(time);
            next.items = new ArrayList<>();
            chunks.add(next);
            if (newest != null) {
                packUp(dropped + chunks.size() - 2);
            }
            newest = next;
        }
        items(newest).add(item);
        newest.last = time;
        newest.bytes = null;
        newest.itemsWeight = 0;
    }

    /** The item at a place; null behind the last. */
    @Nullable
    T at(Place place) {
        if (place.chunk < dropped) {
            place.chunk = dropped;
            place.index = 0;
        }
        while (place.chunk - dropped < chunks.size()) {
            List<T> items = items(chunks.get(place.chunk - dropped));
            if (place.index < items.size()) {
                return items.get(place.index);
            } else if (place.chunk - dropped == chunks.size() - 1) {
                return null; // It stays, for more items may come into this chunk.
            }
            place.chunk++;
            place.index = 0;
            packUp(place.chunk - 1);
        }
        return null;
    }

    void next(Place place) {
        place.index++;
    }

    /** The first item from a place on with this time or a later one, to which the place moves; null if there is none. */
    @Nullable
    T first(Place place, long time) {
        T item = at(place);
        if (item == null || form.time(item) >= time) {
            return item;
        }
        int chunk = place.chunk - dropped;
        if (chunks.get(chunk).last < time) {
            while (chunk < chunks.size() - 1 && chunks.get(chunk).last < time) {
                chunk++;
            }
            int before = place.chunk;
            place.chunk = chunk + dropped;
            place.index = 0;
            packUp(before);
        }
        List<T> items = items(chunks.get(chunk));
        while (place.index < items.size() && form.time(items.get(place.index)) < time) {
            place.index++;
        }
        return place.index < items.size() ? items.get(place.index) : null;
    }

    /** The last item before a time; null if there is none. */
    @Nullable
    T before(long time) {
        int chunk = chunks.size() - 1;
        while (chunk >= 0 && chunks.get(chunk).first >= time) {
            chunk--;
        }
        if (chunk < 0) {
            return null;
        }
        List<T> items = items(chunks.get(chunk));
        int index = items.size() - 1;
        while (form.time(items.get(index)) >= time) {
            index--;
        }
        return items.get(index);
    }

    /** The chunks, oldest first. The last of them may take more items. */
    List<Chunk<T>> chunks() {
        return chunks;
    }

    /** The items of a chunk, which is packed up again if nobody else reads it when {@link #packUpAll} is called. */
    List<T> items(Chunk<T> chunk) {
        if (chunk.items == null) {
            chunk.items = decode(chunk);
        }
        return chunk.items;
    }

    /** Forgets items before a time, a chunk at a time: some may stay for a while. */
    void dropBefore(long time) {
        int gone = 0;
        while (gone < chunks.size() && chunks.get(gone).last < time) {
            gone++;
        }
        if (gone > 0) {
            chunks.subList(0, gone).clear();
            dropped += gone;
        }
    }

    /** Takes out the oldest chunk, of at least one, and returns its items. */
    List<T> removeOldest() {
        List<T> items = items(chunks.get(0));
        chunks.remove(0);
        dropped++;
        return items;
    }

    /** Takes out all items from a time on, and returns them. Places of readers are then wrong. */
    List<T> cut(long time) {
        List<T> result = new ArrayList<>();
        int kept = 0;
        while (kept < chunks.size() && chunks.get(kept).first < time) {
            kept++;
        }
        List<Chunk<T>> after = chunks.subList(kept, chunks.size());
        after.forEach(chunk -> result.addAll(items(chunk)));
        after.clear();
        if (kept > 0 && chunks.get(kept - 1).last >= time) {
            Chunk<T> across = chunks.get(kept - 1);
            List<T> items = items(across);
            int index = 0;
            while (form.time(items.get(index)) < time) {
                index++;
            }
            result.addAll(0, items.subList(index, items.size()));
            items.subList(index, items.size()).clear();
            across.last = form.time(items.get(index - 1));
            across.bytes = null;
            across.digest = null;
            across.digestWeight = 0;
            across.itemsWeight = 0;
        }
        return result;
    }

    /** Packs up every chunk in which no reader is, but for the last. */
    void packUpAll() {
        for (int i = 0; i < chunks.size() - 1; i++) {
            packUp(i + dropped);
        }
    }

    /** About how many bytes it takes in memory. */
    long weight(ToLongFunction<T> itemWeight) {
        long weight = 0;
        for (int i = 0; i < chunks.size(); i++) {
            Chunk<T> chunk = chunks.get(i);
            weight += 64 + chunk.digestWeight;
            weight += chunk.bytes == null ? 0 : chunk.bytes.available();
            weight += chunk.items == null ? 0 : itemsWeight(chunk, chunk.items, i < chunks.size() - 1, itemWeight);
        }
        return weight;
    }

    private long itemsWeight(Chunk<T> chunk, List<T> items, boolean closed, ToLongFunction<T> itemWeight) {
        if (closed && chunk.itemsWeight > 0) {
            return chunk.itemsWeight;
        }
        long weight = 0;
        for (T item : items) {
            weight += itemWeight.applyAsLong(item);
        }
        chunk.itemsWeight = closed ? weight : 0;
        return weight;
    }

    private void packUp(int number) {
        if (number < dropped || number - dropped >= chunks.size() - 1) {
            return;
        }
        for (Place reader : readers) {
            if (reader.chunk == number) {
                return;
            }
        }
        Chunk<T> chunk = chunks.get(number - dropped);
        if (chunk.items != null) {
            if (chunk.bytes == null) {
                byte[] encoded = encode(chunk);
                chunk.bytes = new ArrayInput(encoded, 0, encoded.length);
            }
            chunk.items = null;
        }
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(chunks.size(), out);
        long before = 0;
        for (Chunk<T> chunk : chunks) {
            ValueCodec.writeVarLong(chunk.first / form.unit() - before, out);
            ValueCodec.writeVarLong((chunk.last - chunk.first) / form.unit(), out);
            before = chunk.last / form.unit();
            if (chunk.bytes == null) {
                ValueCodec.writeBytes(encode(chunk), out);
            } else {
                int length = chunk.bytes.available();
                ValueCodec.writeVarLong(length, out);
                out.write(chunk.bytes.array(), chunk.bytes.position(), length);
            }
        }
    }

    void read(ArrayInput in) throws IOException {
        int size = Math.toIntExact(ValueCodec.readVarLong(in));
        long before = 0;
        for (int i = 0; i < size; i++) {
            Chunk<T> chunk = new Chunk<>((before + ValueCodec.readVarLong(in)) * form.unit());
            chunk.last = chunk.first + ValueCodec.readVarLong(in) * form.unit();
            before = chunk.last / form.unit();
            chunk.bytes = in.part(ValueCodec.readVarLong(in));
            chunks.add(chunk);
        }
    }

    private byte[] encode(Chunk<T> chunk) {
        List<T> items = items(chunk);
        ArrayOutput out = new ArrayOutput((itemBytes + 1) * (items.size() + 1));
        try {
            ValueCodec.writeVarLong(items.size(), out);
            long before = chunk.first;
            for (T item : items) {
                long time = form.time(item);
                ValueCodec.writeVarLong((time - before) / form.unit(), out);
                before = time;
                form.write(item, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = out.toByteArray();
        itemBytes = bytes.length / items.size();
        return bytes;
    }

    private List<T> decode(Chunk<T> chunk) {
        if (chunk.bytes == null) {
            throw new IllegalStateException("A chunk has its items or their bytes.");
        }
        ArrayInput in = chunk.bytes.rest();
        try {
            int size = Math.toIntExact(ValueCodec.readVarLong(in));
            List<T> items = new ArrayList<>(size + 1);
            long time = chunk.first;
            for (int i = 0; i < size; i++) {
                time += ValueCodec.readVarLong(in) * form.unit();
                items.add(form.read(time, in));
            }
            return items;
        } catch (IOException e) {
            throw new UncheckedIOException("The state of an entity is damaged.", e);
        }
    }
}
