package dev.tidemark.serving;

import dev.tidemark.stores.OnlineStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A store before whose calls a test does something, such as to wait or to throw. */
final class WatchedStore {
    private WatchedStore() {}

    /** What is done before a call; arguments is empty for none. */
    interface Watch {
        void called(String method, String arguments) throws InterruptedException;
    }

    static OnlineStore of(OnlineStore store, Watch watch) {
        return (OnlineStore) Proxy.newProxyInstance(
                WatchedStore.class.getClassLoader(), new Class<?>[] {OnlineStore.class}, (proxy, method, arguments) -> {
                    watch.called(method.getName(), arguments == null ? "" : arguments[0].toString());
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
