package dev.tidemark.stores;

class InMemoryOnlineStoreTest extends OnlineStoreContract {
    private final OnlineStore store = new InMemoryOnlineStore();

    @Override
    OnlineStore store() {
        return store;
    }
}
