/**
 * The local cluster of {@code ./watchword}: up, status, down, cli. Part of the impure rim: it
 * starts processes, opens sockets and writes files, and decides nothing that a data node relies on.
 */
package io.watchword.local;
