package io.watchword.server;

/**
 * Which run of which server this is.
 *
 * @param runId forty hexadecimal digits, new for each start
 * @param startedAtMs milliseconds since the epoch
 * @param multiplexing how sockets are watched, as INFO's multiplexing_api says
 * @param configFile absolute path of the file it was started with, or empty
 */
public record Identity(String runId, long startedAtMs, String multiplexing, String configFile) {}
