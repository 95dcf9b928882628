/**
 * Directives: what may be configured, how redis.conf is read, what the live values are.
 *
 * <p>Pure. Text is Latin-1 here, one char for each byte of the file or request, so that a password
 * or a path survives whatever its encoding. {@link io.watchword.config.Directives} is the table;
 * everything else derives from its rows: the file parser, CONFIG GET, SET and REWRITE, and the
 * documentation. The sentinel has a table of its own and uses the same machinery.
 */
package io.watchword.config;
