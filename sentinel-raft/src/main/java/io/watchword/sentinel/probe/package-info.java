/**
 * How a sentinel talks to data nodes and to the other sentinels: one connection to each, requests
 * of its own, replies turned into events. What to ask and when is decided in {@code core}.
 */
package io.watchword.sentinel.probe;
