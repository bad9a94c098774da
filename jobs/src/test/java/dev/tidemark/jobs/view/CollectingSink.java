package dev.tidemark.jobs.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Keeps what it gets for the test that runs the job in its own process: Flink makes copies of the sink itself. */
final class CollectingSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;
    private static final Map<String, List<Object>> COLLECTED = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();

    /** What was collected, by any instance, and then no longer is. */
    @SuppressWarnings("unchecked")
    List<T> take() {
        List<Object> taken = COLLECTED.remove(id);
        return taken == null ? List.of() : (List<T>) taken;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new Writer<>(id);
    }

    private record Writer<T>(String id) implements SinkWriter<T> {
        @Override
        public void write(T element, Context context) {
            COLLECTED.compute(id, (key, before) -> {
                List<Object> all = before == null ? new ArrayList<>() : before;
                all.add(element);
                return all;
            });
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
