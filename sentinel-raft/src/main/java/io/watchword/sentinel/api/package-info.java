/**
 * What clients of a sentinel see: Redis Sentinel's commands, replies and events, answered from the
 * state this sentinel has applied and from its own view of the nodes. Runs on the sentinel's
 * thread.
 */
package io.watchword.sentinel.api;
