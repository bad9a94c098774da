/** Contracts of the stores, kept by the real ones and by their doubles in memory. */
package dev.tidemark.stores;
