package dev.tidemark.stores;

class InMemoryHistoryStoreTest extends HistoryStoreContract {
    private final HistoryStore store = new InMemoryHistoryStore();

    @Override
    HistoryStore store() {
        return store;
    }
}
