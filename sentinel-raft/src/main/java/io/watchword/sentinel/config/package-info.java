/**
 * The sentinel's file: redis.conf's own directives through the engine's table, and the lines that
 * begin with {@code sentinel}. Input only: nothing is ever written back, for the log holds what was
 * learnt.
 */
package io.watchword.sentinel.config;
